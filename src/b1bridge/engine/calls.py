"""A connection's capabilities as runs see them: every call is noted, every error says where."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from b1bridge.engine import codec
from b1bridge.errors import BridgeError


@dataclass(frozen=True, slots=True)
class Call:
    """One question asked or one write made; the arguments are kept as a digest only."""

    name: str
    digest: str


_noted: ContextVar[list[Call] | None] = ContextVar("noted", default=None)


def note_calls() -> list[Call]:
    """Return a list that fills with the calls made from here on in this task."""
    calls: list[Call] = []
    _noted.set(calls)
    return calls


class Watched:
    """The capabilities of one connection, unchanged but for the notes taken at the door."""

    def __init__(self, connection: str, capabilities: object) -> None:
        self._connection = connection
        # isinstance() against a Protocol looks at real attributes only, from Python 3.12 on.
        for name in dir(capabilities):
            if not name.startswith("_"):
                setattr(self, name, self._watched(name, getattr(capabilities, name)))

    def __getattr__(self, name: str) -> Any:
        msg = f"{self._connection} has no capability {name!r}"
        raise AttributeError(msg)

    def _watched(self, name: str, member: Any) -> Any:
        if inspect.iscoroutinefunction(member):
            return self._awaited(name, member)
        if inspect.isasyncgenfunction(member):
            return self._iterated(name, member)
        return member

    def _awaited(
        self, name: str, member: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **kwargs: Any) -> Any:
            self._note(name, args, kwargs)
            try:
                return await member(*args, **kwargs)
            except BridgeError as error:
                error.connection = error.connection or self._connection
                raise

        return call

    def _iterated(
        self, name: str, member: Callable[..., AsyncIterator[Any]]
    ) -> Callable[..., AsyncIterator[Any]]:
        async def iterate(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            self._note(name, args, kwargs)
            try:
                async for item in member(*args, **kwargs):
                    yield item
            except BridgeError as error:
                error.connection = error.connection or self._connection
                raise

        return iterate

    def _note(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        calls = _noted.get()
        if calls is not None:
            digest = codec.digest([list(args), kwargs])
            calls.append(Call(f"{self._connection}.{name}", digest))
