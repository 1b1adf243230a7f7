"""From an error to what happens next: the one table of decisions."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from b1bridge.errors import (
    BridgeError,
    ConnectionBroken,
    ContractBroken,
    NeedsOperator,
    OutcomeUnknown,
    Transient,
    Untrusted,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long we try: `quick` times inside the step, then `budget` whole attempts.

    After a write without an answer nothing is tried for `unknown_pause` seconds: the remote
    side may still be at it, and a look that comes too early would find nothing. Where the
    target knows how long a write of its may take (SlowWriter), nothing is written before that
    time is over, whatever a look finds missing. A connection
    that failed `breaker_after` times in a row is left alone, first for `breaker_pause` seconds.
    """

    quick: int = 3
    quick_pause: float = 0.2
    longest_quick_pause: float = 5.0
    budget: int = 12
    first_pause: float = 2.0
    longest_pause: float = 300.0
    unknown_pause: float = 10.0
    breaker_after: int = 5
    breaker_pause: float = 5.0


class Next(StrEnum):
    """What happens to a run after an error."""

    LATER = "try later"
    CASE = "wait for a person"
    PAUSE = "pause the connection"


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens next; `reason` and `fix` are what a case is opened with."""

    next: Next
    due_at: datetime | None = None
    reason: str = ""
    fix: str = ""


def decide(error: BridgeError, *, failures: int, now: datetime, patience: Patience) -> Decision:
    """Say what follows from an error after so many failed attempts, this one included."""
    if isinstance(error, ConnectionBroken):
        fix = f"renew the credentials of {error.connection or error.system}, then resume it"
        return Decision(Next.PAUSE, reason="AUTH", fix=fix)
    if isinstance(error, NeedsOperator):
        return Decision(Next.CASE, reason=error.reason, fix=error.fix)
    if isinstance(error, ContractBroken):
        fix = "report the answer kept with this case; retry once the connector can read it"
        return Decision(Next.CASE, reason="SCHEMA", fix=fix)
    if isinstance(error, Untrusted):
        return Decision(Next.CASE, reason="AUTH", fix="check the shared secret of the connection")
    if failures < patience.budget:
        return Decision(Next.LATER, due_at=now + pause_after(failures, error, patience))
    return _given_up(error, failures)


def _given_up(error: BridgeError, failures: int) -> Decision:
    if isinstance(error, Transient | OutcomeUnknown) and error.reason:
        return Decision(Next.CASE, reason=error.reason, fix=error.fix)
    if isinstance(error, OutcomeUnknown):
        fix = "look in the books for the document; a retry looks there first"
        return Decision(Next.CASE, reason="AMBIGUOUS_WRITE", fix=fix)
    fix = f"given up after {failures} attempts; run the doctor on the connection, then retry"
    return Decision(Next.CASE, reason="NETWORK", fix=fix)


def pause_after(failures: int, error: BridgeError, patience: Patience) -> timedelta:
    """Wait twice as long each time, jittered, and never shorter than we were asked to."""
    pause = min(patience.first_pause * 2 ** (failures - 1), patience.longest_pause)
    least = patience.unknown_pause if isinstance(error, OutcomeUnknown) else 0.0
    return timedelta(seconds=max(_jittered(pause), least, _asked(error)))


def quick_pause(tried: int, error: BridgeError, patience: Patience) -> float | None:
    """Return the seconds to wait inside the step, or None when its quick tries are used up."""
    if tried >= patience.quick or _asked(error) > patience.longest_quick_pause:
        return None
    pause = min(patience.quick_pause * 4 ** (tried - 1), patience.longest_quick_pause)
    return max(_jittered(pause), _asked(error))


def _asked(error: BridgeError) -> float:
    return (error.retry_after or 0.0) if isinstance(error, Transient | OutcomeUnknown) else 0.0


def _jittered(pause: float) -> float:
    return pause * random.uniform(0.5, 1.0)  # noqa: S311  # spreads load, guards nothing
