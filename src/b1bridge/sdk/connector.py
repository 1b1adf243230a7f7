"""What a connector folder hands to the platform: one value, no base class."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import httpx
from pydantic import BaseModel
from starlette.types import ASGIApp

from b1bridge.domain.identity import Ref
from b1bridge.ports.kept import Kept

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something changed: look again. `delivery` is the sender's id of this very delivery."""

    delivery: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor looked at; `fix` says the way out when it is not well."""

    check: str
    well: bool
    message: str
    fix: str = ""


@runtime_checkable
class Leaving(Protocol):
    """Capabilities that say goodbye to the remote system before their line is closed."""

    async def aclose(self) -> None:
        """Log out; never raises for a system that is away."""
        ...


@runtime_checkable
class Examined(Protocol):
    """Capabilities that look at themselves: the connector's `doctor` would lack what is kept."""

    def examined(self) -> AsyncIterator[Finding]:
        """Yield what the doctor yields."""
        ...


def _needs_the_hub(connection: str, *_: object) -> object:
    msg = f"{connection} is made with what the hub keeps"
    raise TypeError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector(Generic[S]):
    """The whole of what the platform knows about one kind of remote system.

    `http` opens the line (TLS, time-outs, pool) and is replaced by the tests;
    `build` makes one object that has all `capabilities`. `notices` turns the
    headers and raw body of a webhook into notices; it raises Untrusted for what
    the sender did not sign and ContractBroken for what it signed but we cannot read.
    `doctor` looks at a connection from the outside in and stops at the first check
    that makes the later ones pointless.
    A connector that works with what the hub keeps has `build_kept` instead of `build`.
    """

    key: str
    title: str
    settings: type[S]
    capabilities: tuple[type, ...]
    http: Callable[[S], httpx.AsyncClient]
    doctor: Callable[[S, httpx.AsyncClient], AsyncIterator[Finding]]
    build: Callable[[str, S, httpx.AsyncClient], object] = _needs_the_hub
    build_kept: Callable[[str, S, httpx.AsyncClient, Kept], object] | None = None
    notices: Callable[[str, S, Mapping[str, str], bytes, datetime], list[Notice]] | None = None

    def opened(self, connection: str, settings: S, http: httpx.AsyncClient, kept: Kept) -> object:
        """Make the capabilities of one connection, with what the hub keeps where it is asked."""
        if self.build_kept is not None:
            return self.build_kept(connection, settings, http, kept)
        return self.build(connection, settings, http)


class Simulator(Protocol):
    """A stand-in for the remote system: an ASGI app, and what a clerk could do in it."""

    app: ASGIApp
    base_url: str

    def settings(self) -> Mapping[str, Any]:
        """Return settings that open a connection to this simulator."""
        ...
