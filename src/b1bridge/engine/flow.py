"""What a flow file hands to the platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from b1bridge.domain.identity import Posted


class Did(StrEnum):
    """What a run came to, in business terms."""

    POSTED = "posted"
    ALREADY_THERE = "already there"
    SKIPPED = "skipped"


class Lane(StrEnum):
    """Which queue runs go through, the most urgent first; each has workers of its own."""

    ORDERS = "orders"
    RECORDS = "records"
    LOOKS = "looks"
    SWEEPS = "sweeps"
    CALLBACKS = "callbacks"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to; `reason` says why it was skipped, or what an operator should know."""

    did: Did
    reason: str = ""
    documents: tuple[Posted, ...] = ()
    figures: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One business process between two connections.

    `body` is called as `body(run, source, target, options)`; the record is `run.ref`.
    `on` is the kind of record whose change starts a run ("order"), or "schedule"
    for a sweep over a whole connection. `options` is a frozen dataclass of what a
    sync may set. `then` names flows to run next for the same record, where a sync
    between the same connections has them switched on. `lane` is how urgent its records are;
    records of one kind share the most urgent lane that any flow asks for. `daily`: what the flow
    tells may change without a trace (prices by their day, deletions), so every record it has
    dealt with is looked at again once a day (engine/looking_again.py).
    """

    name: str
    on: str
    source: type
    target: type
    body: Callable[..., Awaitable[Outcome]]
    options: type
    then: tuple[str, ...] = ()
    lane: Lane = Lane.RECORDS
    mirrors: bool = False
    """Whether the version it sees is what it sent: a bulk replay then sends no such thing twice."""
    daily: bool = False
