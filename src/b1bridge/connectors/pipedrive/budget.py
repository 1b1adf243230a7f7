"""What a day may cost: a ledger of tokens that the whole company shares (1.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from b1bridge.connectors.pipedrive.operations import ORGANIZATIONS, Operation
from b1bridge.connectors.pipedrive.settings import Plan, Settings
from b1bridge.domain.budgets import BudgetReport
from b1bridge.errors import Spent
from b1bridge.ports.usage import Usage, charge

SYSTEM = "pipedrive"
_BASE = 30_000
_MULTIPLIERS = {Plan.LITE: 1, Plan.GROWTH: 2, Plan.PREMIUM: 5, Plan.ULTIMATE: 7}
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_WEEK = timedelta(days=7)
_BATCH = 200
_SAVED_EVERY = timedelta(seconds=5)
"""So many tokens, of so short a time, may be forgotten by a process that is killed."""
_CLOCKS_DIFFER = timedelta(seconds=30)
_LOAD_SHARE, _LOAD_TIMES = 0.05, 10


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
    _saved_at: datetime = _NEVER

    @property
    def daily(self) -> int:
        """Return the tokens of a whole day."""
        return _BASE * _MULTIPLIERS[self.settings.plan] * self.settings.seats + (
            self.settings.extra_tokens
        )

    @property
    def kept(self) -> int:
        """Return the tokens that the catalogue leaves to deals."""
        return int(self.daily * self.settings.tokens_kept)

    async def admit(self, operation: Operation) -> None:
        """Raise Spent until midnight where the day cannot pay for it any more.

        For half a minute after midnight yesterday must be able to pay as well: their clock may
        be behind ours, and who asks on after a day's last 429 is shut out.
        """
        await self._load()
        kept = 0 if operation.urgent else self.kept
        for moment in (self.clock(), self.clock() - _CLOCKS_DIFFER):
            left = self.daily - self._used(self._day(moment))
            if left - operation.cost < kept:
                raise self._spent(moment, by_kept=bool(kept) and left >= operation.cost)

    async def spend(self, cost: int) -> None:
        """Count what a request cost."""
        charge(cost)
        hour, now = self._hour_of(self.clock()), self.clock()
        self._unsaved[hour] = self._unsaved.get(hour, 0) + cost
        if sum(self._unsaved.values()) >= _BATCH or now - self._saved_at >= _SAVED_EVERY:
            await self.save()

    def learn(self, left: int) -> None:
        """Note what Pipedrive says is left of the day: other apps draw on it as well."""
        day = self._day(self.clock())
        self._others[day] = max(0, self.daily - left - self._ours(day))

    async def save(self) -> None:
        """Add what was not yet written down to what every process of the hub has spent."""
        unsaved, self._unsaved, self._saved_at = self._unsaved, {}, self.clock()
        for hour, cost in unsaved.items():
            await self.usage.add(self.connection, hour, cost)
            self._known[hour] = self._known.get(hour, 0) + cost

    async def report(self) -> BudgetReport:
        """Say how the day stands, and what it will come to at the pace of its like."""
        await self.save()
        self._loaded_at = None
        await self._load()
        now = self.clock()
        day, midnight = self._day(now), self._midnight(now)
        used = self._used(day)
        ahead = forecast(self._known, self._hour_of(now), (midnight - now) / _HOUR, self.daily)
        return BudgetReport(
            day=day,
            daily=self.daily,
            used=used,
            forecast=used + ahead,
            resets_at=midnight,
            alert_at=self.settings.alert_at,
            kept=self.kept,
            per_record=ORGANIZATIONS["add"].cost,
        )

    async def _load(self) -> None:
        """Read what other processes spent, every minute."""
        now = self.clock()
        if self._loaded_at is None or now - self._loaded_at >= timedelta(minutes=1):
            since = self._hour_of(now - timedelta(days=8))
            self._known = dict(await self.usage.since(self.connection, since))
            self._loaded_at = now

    def _spent(self, moment: datetime, *, by_kept: bool) -> Spent:
        day = self._day(moment)
        why = "the rest is kept for deals" if by_kept else "all are used"
        msg = (
            f"{SYSTEM}: {self._used(day)} of {self.daily} tokens of {day} are used and {why}; "
            "they are renewed at midnight"
        )
        until = self._midnight(moment) + _CLOCKS_DIFFER
        wait = (until - self.clock()).total_seconds()
        return Spent(msg, system=SYSTEM, code="BUDGET", retry_after=wait)

    def _used(self, day: str) -> int:
        return self._ours(day) + self._others.get(day, 0)

    def _ours(self, day: str) -> int:
        both = (*self._known.items(), *self._unsaved.items())
        return sum(cost for hour, cost in both if hour.startswith(day))

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.settings.time_zone))

    def _day(self, moment: datetime) -> str:
        return self._local(moment).date().isoformat()

    def _hour_of(self, moment: datetime) -> str:
        return f"{self._local(moment):%Y-%m-%dT%H}"

    def _midnight(self, moment: datetime) -> datetime:
        """Return the end of the moment's day."""
        tomorrow = self._local(moment).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time.min, ZoneInfo(self.settings.time_zone))


def forecast(hours: Mapping[str, int], now: str, left: float, daily: int) -> int:
    """Return what the rest of the day will cost out of habit; queued work comes on top.

    Its hours cost what they cost a week ago, for weekends are not like Mondays, or else on the
    last day there was; on a first day, what its whole hours did on average, if any is over. An
    hour in which a load was run is no habit. `now` is "2026-11-21T14", `left` the hours until
    midnight.
    """
    day, hour = now.split("T")
    habits = _habits(hours, daily)
    rest = range(int(hour) + 1, 24)
    earlier = sorted({one[:10] for one in hours if one[:10] < day})
    if earlier:
        a_week_ago = (date.fromisoformat(day) - _WEEK).isoformat()
        last = a_week_ago if a_week_ago in earlier else earlier[-1]
        this = max(0, habits.get(f"{last}T{hour}", 0) - hours.get(now, 0))
        return this + sum(habits.get(f"{last}T{one:02}", 0) for one in rest)
    first = min((int(one[11:]) for one in hours), default=int(hour))
    over = (f"{day}T{one:02}" for one in range(first, int(hour)))
    usual = [hours.get(one, 0) for one in over if one in habits or one not in hours]
    return round(sum(usual) / len(usual) * left) if usual else 0


def _habits(hours: Mapping[str, int], daily: int) -> dict[str, int]:
    """Leave out loads: hours that cost a good part of a day, and much more than the middle one."""
    middle = median(hours.values()) if len(hours) > 1 else 0
    most = max(daily * _LOAD_SHARE, middle * _LOAD_TIMES)
    return {hour: cost for hour, cost in hours.items() if cost <= most}
