"""What a day may cost: a ledger of tokens that the whole company shares (1.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from b1bridge.connectors.pipedrive.operations import Operation
from b1bridge.connectors.pipedrive.settings import Plan, Settings
from b1bridge.domain.budgets import BudgetReport
from b1bridge.errors import Spent
from b1bridge.ports.usage import Usage

SYSTEM = "pipedrive"
_BASE = 30_000
_MULTIPLIERS = {Plan.LITE: 1, Plan.GROWTH: 2, Plan.PREMIUM: 5, Plan.ULTIMATE: 7}
_HOUR = timedelta(hours=1)
_WEEK = timedelta(days=7)
_BATCH = 200
"""So many tokens may be forgotten by a process that is killed; a write for each would be dear."""


@dataclass(slots=True)
class Budget:
    """Counts what we spend, hour by hour, and believes Pipedrive where it knows better."""

    connection: str
    settings: Settings
    usage: Usage
    clock: Callable[[], datetime]
    _unsaved: dict[str, int] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)
    _others: dict[str, int] = field(default_factory=dict)
    _loaded_at: datetime | None = None

    @property
    def daily(self) -> int:
        """Return the tokens of a whole day."""
        return _BASE * _MULTIPLIERS[self.settings.plan] * self.settings.seats + (
            self.settings.extra_tokens
        )

    async def admit(self, operation: Operation) -> None:
        """Raise Spent until midnight where the day cannot pay for it any more."""
        await self._load()
        kept = 0 if operation.urgent else int(self.daily * self.settings.tokens_kept)
        left = self.daily - self._used()
        if left - operation.cost >= kept:
            return
        wait = (self._midnight() - self.clock()).total_seconds()
        why = "the rest is kept for deals" if kept and left > operation.cost else "all are used"
        msg = (
            f"{SYSTEM}: {self._used()} of {self.daily} tokens of {self._day()} are used and {why}; "
            "they are renewed at midnight"
        )
        raise Spent(msg, system=SYSTEM, code="BUDGET", retry_after=wait)

    async def spend(self, cost: int) -> None:
        """Count what a request cost."""
        hour = self._hour()
        self._unsaved[hour] = self._unsaved.get(hour, 0) + cost
        if sum(self._unsaved.values()) >= _BATCH:
            await self.save()

    def learn(self, left: int) -> None:
        """Note what Pipedrive says is left of the day: other apps draw on it as well."""
        ours = sum(self._today().values())
        self._others[self._day()] = max(0, self.daily - left - ours)

    async def save(self) -> None:
        """Add what was not yet written down to what every process of the hub has spent."""
        unsaved, self._unsaved = self._unsaved, {}
        for hour, cost in unsaved.items():
            await self.usage.add(self.connection, hour, cost)
            self._known[hour] = self._known.get(hour, 0) + cost

    async def report(self) -> BudgetReport:
        """Say how the day stands, and what it will come to at the pace of its like."""
        await self.save()
        self._loaded_at = None
        await self._load()
        used = self._used()
        ahead = forecast(self._known, self._hour(), self._hours_left())
        return BudgetReport(
            day=self._day(),
            daily=self.daily,
            used=used,
            forecast=used + ahead,
            resets_at=self._midnight(),
            alert_at=self.settings.alert_at,
        )

    async def _load(self) -> None:
        """Read what other processes spent, every minute."""
        now = self.clock()
        if self._loaded_at is None or now - self._loaded_at >= timedelta(minutes=1):
            since = self._hour_of(now - timedelta(days=8))
            self._known = dict(await self.usage.since(self.connection, since))
            self._loaded_at = now

    def _used(self) -> int:
        return sum(self._today().values()) + self._others.get(self._day(), 0)

    def _today(self) -> Mapping[str, int]:
        day, hours = self._day(), {**self._known}
        for hour, cost in self._unsaved.items():
            hours[hour] = hours.get(hour, 0) + cost
        return {hour: cost for hour, cost in hours.items() if hour.startswith(day)}

    def _local(self) -> datetime:
        return self.clock().astimezone(ZoneInfo(self.settings.time_zone))

    def _day(self) -> str:
        return self._local().date().isoformat()

    def _hour(self) -> str:
        return self._hour_of(self.clock())

    def _hour_of(self, moment: datetime) -> str:
        local = moment.astimezone(ZoneInfo(self.settings.time_zone))
        return f"{local:%Y-%m-%dT%H}"

    def _midnight(self) -> datetime:
        tomorrow = self._local().date() + timedelta(days=1)
        zone = ZoneInfo(self.settings.time_zone)
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)

    def _hours_left(self) -> float:
        return (self._midnight() - self.clock()) / _HOUR


def forecast(hours: Mapping[str, int], now: str, left: float) -> int:
    """Return what the rest of the day will cost.

    Its hours cost what they cost a week ago, for weekends are not like Mondays, or else on the
    last day there was; where there was none, what the hours of today did on average. `now` is
    "2026-11-21T14", `left` the hours until midnight.
    """
    day, hour = now.split("T")
    rest = range(int(hour) + 1, 24)
    earlier = sorted({one[:10] for one in hours if one[:10] < day})
    if earlier:
        a_week_ago = (date.fromisoformat(day) - _WEEK).isoformat()
        last = a_week_ago if a_week_ago in earlier else earlier[-1]
        begun = left - len(rest)
        this = hours.get(f"{last}T{hour}", 0)
        return round(this * begun) + sum(hours.get(f"{last}T{one:02}", 0) for one in rest)
    lived = max(int(hour) + 1 - (left - len(rest)), 1 / 60)
    return round(sum(cost for one, cost in hours.items() if one.startswith(day)) / lived * left)
