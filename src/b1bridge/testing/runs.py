"""Runs for tests of flows: steps remembered in memory, and deaths at the worst moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.domain.stock import Pushed, ShopStock
from b1bridge.engine import codec
from b1bridge.engine.run import Written
from b1bridge.errors import OutcomeUnknown, Rejected
from b1bridge.testing.crashes import Crash

T = TypeVar("T")


@dataclass
class InMemoryLinks:
    """Links that live as long as the test."""

    known: dict[tuple[Ref, str], Ref] = field(default_factory=dict)
    numbers: dict[Ref, str] = field(default_factory=dict)

    async def linked(self, ref: Ref, kind: str) -> Ref | None:
        """Return the other side's record of this kind."""
        return self.known.get((ref, kind))

    async def link(self, ref: Ref, other: Ref, *, number: str = "") -> None:
        """Note it from both sides."""
        self.known[ref, other.kind] = other
        self.known[other, ref.kind] = ref
        self.numbers[other] = number


@dataclass
class InMemoryInFlight:
    """Stock that orders hold, as long as the test lives."""

    held: dict[Ref, dict[str, Decimal]] = field(default_factory=dict)
    queued: set[Ref] = field(default_factory=set)

    async def quantities(self) -> Mapping[str, Decimal]:
        """Sum up what all orders hold of each item."""
        total: dict[str, Decimal] = {}
        for quantities in self.held.values():
            for item, quantity in quantities.items():
                total[item] = total.get(item, Decimal(0)) + quantity
        return total

    async def unread(self) -> int:
        """Count the orders that a test queued and nobody has read."""
        return len(self.queued - self.held.keys())

    async def hold(self, ref: Ref, quantities: Mapping[str, Decimal]) -> None:
        """Note what this order takes."""
        self.held[ref] = dict(quantities)

    async def release(self, ref: Ref) -> None:
        """Forget the order."""
        self.held.pop(ref, None)


@dataclass
class InMemoryShownStock:
    """What a shop was last told, as long as the test lives."""

    clock: Callable[[], datetime]
    told: dict[str, dict[tuple[str, str], Pushed]] = field(default_factory=dict)

    async def note(self, connection: str, levels: Sequence[ShopStock]) -> None:
        """Note what this shop was told just now."""
        known = self.told.setdefault(connection, {})
        for level in levels:
            known[level.sku, level.location] = Pushed(level.quantity, self.clock())

    async def last(self, connection: str) -> Mapping[tuple[str, str], Pushed]:
        """Return what it was last told."""
        return self.told.get(connection, {})


class StrayedRun(AssertionError):
    """A run taken up again took another step than it took before it died."""


@dataclass
class InMemoryRun:
    """A run that remembers its steps in memory, by the rules the durable engine keeps.

    Results travel through the codec, and a run that is taken up again must take the same
    steps in the same order, or the engine could not tell which results are whose.
    """

    ref: Ref
    target: str = "books"
    links: InMemoryLinks = field(default_factory=InMemoryLinks)
    in_flight: InMemoryInFlight = field(default_factory=InMemoryInFlight)
    crosswalks: dict[str, dict[str, str]] = field(default_factory=dict)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    done: list[tuple[str, str]] = field(default_factory=list)
    steps_taken: list[str] = field(default_factory=list)
    progressed: list[tuple[int, int | None]] = field(default_factory=list)
    seen: str = ""
    as_of: datetime | None = None
    has_seen: str = ""
    _next: int = 0

    def __post_init__(self) -> None:
        """Let what is pushed be noted at the run's own time."""
        self.shown = InMemoryShownStock(self.clock)

    def resumed(self) -> InMemoryRun:
        """Take the run up again after a death: what was remembered is not done again."""
        return self._again(list(self.done))

    def restarted(self) -> InMemoryRun:
        """Start again from the beginning, as a retried case or a new notice does."""
        return self._again([])

    def about(self, ref: Ref) -> InMemoryRun:
        """Start a run of another record, with the same links, stock holds and crosswalks."""
        return self._another(ref, [])

    def _again(self, done: list[tuple[str, str]]) -> InMemoryRun:
        again = self._another(self.ref, done)
        again.as_of = self.clock()
        return again

    def _another(self, ref: Ref, done: list[tuple[str, str]]) -> InMemoryRun:
        world = (self.target, self.links, self.in_flight, self.crosswalks, self.clock)
        return InMemoryRun(ref, *world, done)

    async def step(self, name: str, body: Callable[[], Awaitable[T]]) -> T:
        """Return the remembered result, or run body and remember what it returns."""
        remembered: Any = self._remembered(name)
        if remembered is None:
            result = await body()
            self.steps_taken.append(name)
            self.remember(name, codec.dumps([result]))
            remembered = self._remembered(name)
        self._next += 1
        found: T = remembered[0]
        return found

    def remember(self, name: str, result: str) -> None:
        """Write a step's result down; a run that dies just before is a CrashingRun."""
        self.done.append((name, result))

    def _remembered(self, name: str) -> list[Any] | None:
        if self._next >= len(self.done):
            return None
        recorded, result = self.done[self._next]
        if recorded != name:
            msg = f"step {self._next} was '{recorded}' and is now '{name}'"
            raise StrayedRun(msg)
        found: list[Any] = codec.loads(result)
        return found

    async def write_once(
        self,
        name: str,
        *,
        find: Callable[[], Awaitable[T | None]],
        write: Callable[[], Awaitable[T]],
    ) -> Written[T]:
        """Look, write, and after an ambiguous answer look again."""

        async def body() -> Written[T]:
            found = await find()
            if found is not None:
                return Written(found, already_there=True)
            try:
                return Written(await write(), already_there=False)
            except (OutcomeUnknown, Rejected):
                found = await find()
                if found is None:
                    raise
                return Written(found, already_there=True)

        return await self.step(name, body)

    async def crosswalk(self, name: str) -> Crosswalk:
        """Return the table of equal codes as the test left it."""
        return Crosswalk(name, dict(self.crosswalks.get(name, {})))

    def saw(self, version: str) -> None:
        """Note the version for the test to ask for."""
        self.has_seen = version

    async def progress(self, done: int, total: int | None = None) -> None:
        """Note how far a sweep has come."""
        self.progressed.append((done, total))

    def now(self) -> datetime:
        """Return the clock's time."""
        return self.clock()


@dataclass
class CrashingRun(InMemoryRun):
    """Dies right after the body of its nth step, before the result is remembered."""

    nth_step: int = 1

    def remember(self, name: str, result: str) -> None:
        """Die, or remember."""
        if len(self.done) + 1 == self.nth_step:
            raise Crash
        super().remember(name, result)
