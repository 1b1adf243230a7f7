"""One run of one flow for one source record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.ports.inflight import InFlight
from b1bridge.ports.links import Links
from b1bridge.ports.shown import ShownStock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """The result of a write; `already_there` when an earlier attempt had done it."""

    value: T
    already_there: bool


class Run(Protocol):
    """What a flow is given to work with. Results of steps are remembered across crashes.

    Step results travel through the codec: frozen dataclasses of the domain, Money,
    Decimal, aware datetimes, date, enums, tuples, lists, dicts with text keys, None.
    `target` is the name of the connection that is written to; `seen` is the version of the
    record that the last run of this sync came through with, empty when none did, or when a
    person asked for this run. `as_of` is the moment up to which an earlier attempt may have
    written, which a look for its work must reach; None for a first attempt.
    """

    ref: Ref
    target: str
    seen: str
    as_of: datetime | None
    links: Links
    in_flight: InFlight
    shown: ShownStock

    async def step(self, name: str, body: Callable[[], Awaitable[T]]) -> T:
        """Return the remembered result, or run body and remember what it returns."""
        ...

    async def write_once(
        self,
        name: str,
        *,
        find: Callable[[], Awaitable[T | None]],
        write: Callable[[], Awaitable[T]],
    ) -> Written[T]:
        """Write to a remote system that has no idempotency keys.

        We may die after the remote system took the write and before we noted it,
        so every attempt looks for its own earlier work first.
        """
        ...

    async def crosswalk(self, name: str) -> Crosswalk:
        """Return the table of equal codes as an operator last left it."""
        ...

    def saw(self, version: str) -> None:
        """Say which version of the record this run, once it comes through, has dealt with.

        Where it begins with the moment of the change, as datetime.isoformat() writes it, a look
        for changes knows it again; it is then said right after the step that read it.
        """
        ...

    async def progress(self, done: int, total: int | None = None) -> None:
        """Say how far a long sweep has come; shown to people, never relied on."""
        ...

    def now(self) -> datetime:
        """Return the time, aware, from the injected clock."""
        ...
