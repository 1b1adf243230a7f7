"""Holds callers to so many requests a minute, each on its own; counted in this process only."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_MINUTE = 60.0


@dataclass(slots=True)
class _Left:
    requests: float
    counted_at: float


@dataclass(slots=True)
class Quota:
    """One bucket per caller, filled evenly; a caller who was silent may ask a minute's worth.

    Two processes of one hub count apart: together they let twice as much through.
    """

    clock: Callable[[], float] = time.monotonic
    _left: dict[str, _Left] = field(default_factory=dict)

    def take(self, caller: str, per_minute: int) -> float:
        """Count one request; return 0, or the seconds after which the next one is let through."""
        now = self.clock()
        left = self._left.setdefault(caller, _Left(per_minute, now))
        earned = (now - left.counted_at) * per_minute / _MINUTE
        left.requests, left.counted_at = min(left.requests + earned, per_minute), now
        if left.requests < 1:
            return (1 - left.requests) * _MINUTE / per_minute
        left.requests -= 1
        return 0.0
