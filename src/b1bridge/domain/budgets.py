"""What a provider lets us use in a day, and how the day stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BudgetReport:
    """How a day stands, in the provider's own units: in all, used so far, expected at its end.

    `alert_at` is the share of it from which people are told.
    """

    day: str
    daily: int
    used: int
    forecast: int
    resets_at: datetime
    alert_at: float = 1.0

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
