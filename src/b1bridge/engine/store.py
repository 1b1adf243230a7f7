"""What the engine asks of the database; storage implements it, one transaction per method."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from b1bridge.domain.identity import Crosswalk, Posted, Ref
from b1bridge.engine.records import Accepted, RunRecord, State, Sync
from b1bridge.ports.inflight import InFlight
from b1bridge.ports.links import Links
from b1bridge.ports.shown import ShownStock


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line for the audit trail, before it has a place in the chain."""

    at: datetime
    actor: str
    did: str
    ref: str = ""
    run: str = ""
    step: str = ""
    detail: str = ""
    request_digest: str = ""
    answer_digest: str = ""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a case is opened with; `connection` when the connection itself is the matter."""

    reason: str
    message: str
    fix: str
    evidence: str = ""
    connection: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The version of a record that a run has dealt with, and when it was read at the earliest."""

    version: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A run whose attempt has just been taken up, and what it needs to know."""

    record: RunRecord
    source: str
    target: str
    options: Mapping[str, Any]
    failures: int
    doubts: Mapping[str, datetime] = field(default_factory=dict)
    """Writes to this record that were begun and never reported, since when, by step."""
    seen: str = ""
    """The version of the record that the last run of this sync came through with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How an attempt ended; written in one transaction with all that follows from it.

    `failures` counts attempts used up; `pauses` names a connection to stop; `then` names
    flows to queue for the same record; `numbers` are what people call it; `doubts` are writes
    whose outcome nobody knows, with the moment at which we lost sight of them; `seen` is the
    version of the record that was dealt with, or that led to `problem`.
    """

    run: RunRecord
    state: State
    at: datetime
    failures: int = 0
    outcome: str = ""
    reason: str = ""
    documents: tuple[Posted, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)
    due_at: datetime | None = None
    held_by: str = ""
    problem: Problem | None = None
    pauses: str = ""
    then: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    doubts: Mapping[str, datetime | None] = field(default_factory=dict)
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice to be stored: the sender's id of it, and the record it speaks of.

    `changed` is when the record changed, where that is known: who has seen it as it stands
    since then need not look again.
    """

    id: str
    ref: Ref
    changed: datetime | None = None


class Runs(Protocol):
    """Runs and what becomes of them."""

    async def begin(
        self, run: str, attempt: int, now: datetime, shut_out: Mapping[str, datetime]
    ) -> Begun | None:
        """Take up an attempt; None when it is stale, paused, or its connection is shut out."""
        ...

    async def doubt(self, run: str, doubts: Mapping[str, datetime | None]) -> None:
        """Note the writes under way, before they leave: should we die, they are in doubt."""
        ...

    async def settle(self, settlement: Settlement) -> None:
        """Write down how an attempt ended, with its notes, case and follow-up runs."""
        ...

    async def wake_due(self, now: datetime, probing: Collection[str]) -> int:
        """Queue the waiting runs whose time has come; of a probed connection only one."""
        ...

    async def feed(self, most: int) -> int:
        """Take from the backlog of bulk replays until so many of its runs are under way."""
        ...

    async def release(self, connection: str, now: datetime) -> None:
        """Make due what was held by a breaker on this connection."""
        ...

    async def progress(self, run: str, text: str) -> None:
        """Note how far a sweep has come."""
        ...


class Inbox(Protocol):
    """Notices, stored once."""

    async def accept(
        self, connection: str, deliveries: Sequence[Delivery], at: datetime
    ) -> Accepted:
        """Store what is new and queue its runs, in one transaction."""
        ...


class Watermarks(Protocol):
    """How far each source has been read."""

    async def watermark(self, connection: str, kind: str) -> datetime | None:
        """Return how far we have read."""
        ...

    async def began(self, connection: str, kind: str) -> datetime | None:
        """Return since when we have been reading."""
        ...

    async def move(self, connection: str, kind: str, to: datetime) -> None:
        """Move it forward; it never moves back."""
        ...


class Clockwork(Protocol):
    """The syncs that look by themselves."""

    async def syncs(self) -> list[Sync]:
        """Return every sync."""
        ...

    async def due_times(self) -> Mapping[str, datetime]:
        """Return when each sync is to look next, as far as it has been planned."""
        ...

    async def plan(self, sync: str, due_at: datetime | None) -> None:
        """Note when a sync is to look next."""
        ...

    async def queue(self, sync: str, ref: Ref, actor: str, at: datetime) -> str:
        """Queue a run unless one is queued already; return its id."""
        ...

    async def queue_sweeps(self, window: str, at: datetime) -> int:
        """Queue a sweep for gaps of every source and kind that is watched; return how many."""
        ...

    async def queue_look(self, source: str, kind: str, at: datetime) -> str:
        """Queue a look for changed records of a kind; return the run's id."""
        ...


class Crosswalks(Protocol):
    """Tables of equal codes."""

    async def crosswalk(self, name: str) -> Crosswalk:
        """Return a table as it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Memory:
    """All that a run needs of the database."""

    runs: Runs
    links: Links
    in_flight: InFlight
    shown: ShownStock
    crosswalks: Crosswalks
