"""Which days of which shop a report is about, and how its records are told by their references."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from b1bridge.domain.identity import Ref
from b1bridge.domain.standing import REVISION
from b1bridge.errors import NeedsOperator

_ORDER, _OF_ORDERS = "order", {"refund", "payment"}


@dataclass(frozen=True, slots=True)
class Scope:
    """Days from `since` to `until`, both included, that end where the company's days end."""

    connection: str
    since: date
    until: date
    time_zone: str

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return _midnight(self.since, self.time_zone)

    @property
    def ends(self) -> datetime:
        """The first moment after the last day."""
        return _midnight(self.until + timedelta(days=1), self.time_zone)

    def holds(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.since <= day <= self.until

    def order_of(self, reference: str) -> Ref:
        """Return the order that a reference of ours is about; what is strange names itself.

        shop/order/812+1, shop/refund/812/5 and shop/payment/812/77 are all about shop/order/812.
        """
        kind, _, rest = reference.removeprefix(f"{self.connection}/").partition("/")
        if kind == _ORDER:
            number, _, change = rest.partition(REVISION)
            return Ref(self.connection, _ORDER, number if change.isdecimal() else rest)
        if kind in _OF_ORDERS:
            return Ref(self.connection, _ORDER, rest.partition("/")[0])
        return Ref(self.connection, kind, rest)


def day_named(text: str) -> tuple[date, date]:
    """Read 2026-11-21 as its first and last day."""
    try:
        day = date.fromisoformat(text)
    except ValueError as exc:
        raise _no_date(text, "2026-11-21") from exc
    return day, day


def month_named(text: str) -> tuple[date, date]:
    """Read 2026-11 as its first and last day."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as exc:
        raise _no_date(text, "2026-11") from exc
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _no_date(text: str, example: str) -> NeedsOperator:
    msg = f"'{text}' is no date"
    return NeedsOperator(msg, reason="USAGE", fix=f"write it like {example}")
