"""What requests cost: the company's tokens of a day, and bursts of two seconds (1.9)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

DAILY_BASE = 30_000
WINDOW = timedelta(seconds=2)
_SEARCHES = 10


class Plan(Enum):
    """Multiplier of the daily budget, and requests in two seconds by API token and by OAuth."""

    LITE = (1, 20, 80)
    GROWTH = (2, 40, 160)
    PREMIUM = (5, 100, 400)
    ULTIMATE = (7, 120, 480)


@dataclass(slots=True)
class Ledger:
    """Counts tokens; all apps and users of a company share them, until midnight in its zone.

    `spent_by_others` is what other apps of the company used up today.
    """

    plan: Plan
    seats: int
    clock: Callable[[], datetime]
    zone: str = "UTC"
    spent: dict[str, int] = field(default_factory=dict)
    spent_by_others: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    recent: dict[tuple[str, bool], deque[datetime]] = field(default_factory=dict)

    @property
    def daily(self) -> int:
        """The whole day's budget."""
        return DAILY_BASE * self.plan.value[0] * self.seats

    @property
    def today(self) -> str:
        """The day that is counted on now."""
        return self.clock().astimezone(ZoneInfo(self.zone)).date().isoformat()

    @property
    def left(self) -> int:
        """Tokens left of the day."""
        return max(0, self.daily - self.spent.get(self.today, 0) - self.spent_by_others)

    def until_midnight(self) -> int:
        """Return the seconds until the budget is whole again."""
        now = self.clock().astimezone(ZoneInfo(self.zone))
        tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return int((tomorrow - now).total_seconds()) + 1

    def burst(self, *, oauth: bool, search: bool) -> int:
        """Return how many requests two seconds take."""
        return _SEARCHES if search else self.plan.value[2 if oauth else 1]

    def burst_left(self, token: str, *, oauth: bool, search: bool) -> int:
        """Return how many more requests the window takes now."""
        window = self.recent.setdefault((token, search), deque())
        while window and window[0] <= self.clock() - WINDOW:
            window.popleft()
        return self.burst(oauth=oauth, search=search) - len(window)

    def take(self, token: str, cost: int, what: str, *, search: bool) -> None:
        """Count one request that was let in."""
        self.recent.setdefault((token, search), deque()).append(self.clock())
        self.spent[self.today] = self.spent.get(self.today, 0) + cost
        self.requests[what] += 1
