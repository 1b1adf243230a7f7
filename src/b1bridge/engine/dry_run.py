"""A run that reads and translates, and reports what it would have written."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from b1bridge.domain.identity import Crosswalk, Posted, Ref
from b1bridge.domain.stock import Pushed, ShopStock
from b1bridge.engine.flow import Flow
from b1bridge.engine.options import options_of
from b1bridge.engine.records import Preview
from b1bridge.engine.run import Written
from b1bridge.engine.store import Memory
from b1bridge.errors import BridgeError
from b1bridge.ports.inflight import InFlight
from b1bridge.ports.links import Links
from b1bridge.ports.shown import ShownStock

T = TypeVar("T")
_NOT_POSTED = Posted("not posted", 0, 0)
_WRITING_WORDS = (
    "post_", "open_", "set_", "change_", "cancel_", "close_", "annotate",
    "fulfill", "correct", "withdraw", "subscribe", "add_", "remove", "make_",
)  # fmt: skip


def writes(name: str) -> bool:
    """Tell by its name whether a port's method changes the remote system."""
    return name.startswith(_WRITING_WORDS)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a dry run of one sync works with; `target` is the name of the connection."""

    flow: Flow
    options: Mapping[str, Any]
    target: str
    reads: object
    writes: object
    memory: Memory
    clock: Callable[[], datetime]

    async def preview(self, ref: Ref) -> Preview:
        """Run the flow for one record with every write held back."""
        would: list[str] = []
        run = DryRun(ref, self.target, self.memory, self.clock, would)
        source, target = Harmless(self.reads, would), Harmless(self.writes, would)
        try:
            options = options_of(self.flow, self.options)
            outcome = await self.flow.body(run, source, target, options)
        except BridgeError as error:
            # What follows a write that was held back has nothing to stand on.
            ending = "stops here, for nothing was written" if would else f"{error}"
            return Preview(ref, tuple(would), ending)
        reason = f": {outcome.reason}" if outcome.reason else ""
        return Preview(ref, tuple(would), f"{outcome.did}{reason}")


class Harmless:
    """Capabilities whose writes are noted instead of made."""

    def __init__(self, capabilities: object, would: list[str]) -> None:
        for name in dir(capabilities):
            if not name.startswith("_"):
                member = getattr(capabilities, name)
                stand_in = _held_back(name, member, would) if writes(name) else _reading(member)
                setattr(self, name, stand_in)


class DryRun:
    """Steps run and are not remembered; links and stock holds are read, never changed."""

    def __init__(
        self, ref: Ref, target: str, memory: Memory, clock: Callable[[], datetime], would: list[str]
    ) -> None:
        self.ref = ref
        self.target = target
        self.seen = ""
        self.as_of: datetime | None = None
        self.links: Links = _ReadOnlyLinks(memory.links)
        self.in_flight: InFlight = _ReadOnlyInFlight(memory.in_flight)
        self.shown: ShownStock = _NothingShown()
        self._memory = memory
        self._clock = clock
        self._would = would

    async def step(self, name: str, body: Callable[[], Awaitable[T]]) -> T:
        """Run body."""
        del name
        return await body()

    async def write_once(
        self,
        name: str,
        *,
        find: Callable[[], Awaitable[T | None]],
        write: Callable[[], Awaitable[T]],
    ) -> Written[T]:
        """Look; when there is nothing, note what would be written and go on with a stand-in."""
        found = await find()
        if found is not None:
            self._would.append(f"{name}: already there")
            return Written(found, already_there=True)
        return Written(await write(), already_there=False)

    async def crosswalk(self, name: str) -> Crosswalk:
        """Return the table of equal codes."""
        return await self._memory.crosswalks.crosswalk(name)

    def saw(self, version: str) -> None:
        """Note nothing."""

    async def progress(self, done: int, total: int | None = None) -> None:
        """Say nothing: a dry run leaves no trace."""

    def now(self) -> datetime:
        """Return the time from the injected clock."""
        return self._clock()


class _ReadOnlyLinks:
    def __init__(self, links: Links) -> None:
        self.linked = links.linked

    async def link(self, ref: Ref, other: Ref, *, number: str = "") -> None:
        """Leave the links as they are."""


class _ReadOnlyInFlight:
    def __init__(self, in_flight: InFlight) -> None:
        self.quantities = in_flight.quantities
        self.unread = in_flight.unread

    async def hold(self, ref: Ref, quantities: Mapping[str, Decimal]) -> None:
        """Hold nothing."""

    async def release(self, ref: Ref) -> None:
        """Release nothing."""


class _NothingShown:
    async def note(self, connection: str, levels: Sequence[ShopStock]) -> None:
        """Note nothing: nothing was pushed."""

    async def last(self, connection: str) -> Mapping[tuple[str, str], Pushed]:
        """Return nothing; no flow asks."""
        del connection
        return {}


def _held_back(name: str, member: Any, would: list[str]) -> Callable[..., Awaitable[Any]]:
    returns = inspect.signature(member).return_annotation

    async def note(*args: Any, **kwargs: Any) -> Any:
        given = [*args, *kwargs.values()]
        would.append(f"{name.replace('_', ' ')}: {', '.join(map(_in_words, given))}")
        return _stand_in(returns, given)

    return note


def _reading(member: Any) -> Any:
    """Read what there is; a document that was held back cannot be read back."""
    if not inspect.iscoroutinefunction(member):
        return member

    async def read(*args: Any, **kwargs: Any) -> Any:
        if _NOT_POSTED in args:
            msg = "nothing was posted that could be read back"
            raise BridgeError(msg)
        return await member(*args, **kwargs)

    return read


def _stand_in(returns: Any, given: list[Any]) -> Any:
    if returns in (Posted, "Posted"):
        return _NOT_POSTED
    if returns in (str, "str"):
        return getattr(given[0], "code", "") if given else ""
    return True if returns in (bool, "bool") else None


def _in_words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"{len(value)} records"
    if isinstance(value, Ref):
        return str(value)
    facts = [
        getattr(value, n, None) for n in ("kind", "reference", "code", "key", "number", "amount")
    ]
    known = " ".join(str(fact) for fact in facts if fact)
    return f"{type(value).__name__} {known}".strip()
