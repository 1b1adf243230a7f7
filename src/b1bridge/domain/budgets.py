"""What a provider lets us use in a day, and how the day stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BudgetReport:
    """How a day stands, in the provider's own units: in all, used so far, expected at its end.

    `alert_at` is the share of it from which people are told, `kept` what bulk work must leave,
    `per_record` what a record costs of whose like none was written yet, `waiting` what queued
    work will cost that this day does not pay for.
    """

    day: str
    daily: int
    used: int
    forecast: int
    resets_at: datetime
    alert_at: float = 1.0
    kept: int = 0
    per_record: int = 1
    waiting: int = 0

    def with_queue(self, cost: int) -> BudgetReport:
        """Expect queued work as well, as far as the day pays for it."""
        room = max(0, self.daily - self.kept - self.used)
        expected = min(self.forecast + min(cost, room), max(self.forecast, self.daily))
        return replace(self, forecast=expected, waiting=max(0, cost - room))

    @property
    def left(self) -> int:
        """Return what may still be used."""
        return max(0, self.daily - self.used)

    @property
    def share(self) -> float:
        """Return the share of the day that is used."""
        return self.used / self.daily

    @property
    def is_high(self) -> bool:
        """Tell whether people are to know."""
        return self.share >= self.alert_at
