"""What the platform remembers of its own work, as people and programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from b1bridge.domain.identity import Posted, Ref


class State(StrEnum):
    """What happened to a run; what happened in business terms is its outcome."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    FINISHED = "finished"
    DEAD = "dead"


class CaseState(StrEnum):
    """Where an exception case stands."""

    OPEN = "open"
    RETRIED = "retried"
    RESOLVED = "resolved"
    IGNORED = "ignored"


class Fate(StrEnum):
    """What became of a notice; every one comes to one of these, and none to the last."""

    DONE = "done"
    UNDER_WAY = "under way"
    IN_CASE = "in a case"
    NOTHING_TO_DO = "with nothing to do"
    UNREADABLE = "unreadable"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one call to the notice door came to."""

    new: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class Connection:
    """One account in a remote system. Settings hold no secret: those are only ever counted."""

    name: str
    connector: str
    settings: Mapping[str, Any]
    secrets: tuple[str, ...]
    paused: bool = False
    paused_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a sync looks by itself: every so many seconds, or by cron, never in quiet hours.

    `quiet` is "22:00-06:00" in `time_zone`; an empty cron and no interval mean never.
    """

    every: float | None = None
    cron: str = ""
    quiet: str = ""
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """One flow switched on between two connections."""

    name: str
    flow: str
    source: str
    target: str
    options: Mapping[str, Any] = field(default_factory=dict)
    schedule: Schedule = field(default_factory=Schedule)
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run as it stands; `attempt` counts from 1, `held_by` names a paused connection."""

    id: str
    sync: str
    flow: str
    ref: Ref
    state: State
    attempt: int
    outcome: str = ""
    reason: str = ""
    documents: tuple[Posted, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)
    progress: str = ""
    due_at: datetime | None = None
    held_by: str = ""
    queued_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A run, a connection or a notice that waits for a person, with the way out.

    `evidence` holds what both sides say; `times` counts how often the same cause came back.
    """

    id: int
    state: CaseState
    reason: str
    message: str
    fix: str
    flow: str
    ref: str
    run: str
    connection: str
    evidence: str
    times: int
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    closing_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the audit trail; digests are SHA-256 of what was sent and what came back."""

    seq: int
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
    prev_hash: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything known of the records that a number names, oldest first."""

    refs: tuple[str, ...]
    runs: tuple[RunRecord, ...]
    cases: tuple[Case, ...]
    entries: tuple[Entry, ...]
    links: tuple[tuple[str, str, str], ...]
    notices: tuple[tuple[datetime, str, str], ...] = ()
    """When each notice came, its connection, and the sender's id of the delivery."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the audit trail came to; `broken_at` is the first row that does not fit."""

    rows: int
    broken_at: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a dry run of one record would have done, in order."""

    ref: Ref
    would: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Synced:
    """What `sync now` came to: runs queued, or, for a dry run, one preview per record."""

    queued: int
    previews: tuple[Preview, ...] = ()
