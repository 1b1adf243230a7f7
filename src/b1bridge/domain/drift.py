"""Why a shop shows other stock than the books promise, and which difference matters first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.stock import Pushed

ZERO = Decimal(0)


class Cause(StrEnum):
    """What makes shop and books differ."""

    IN_FLIGHT = "in-flight order"
    PACK = "pack rounding"
    LATE = "late push"
    EDIT = "manual edit"
    WAREHOUSE = "unmapped warehouse"
    UNKNOWN = "unknown SKU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One SKU at one location, as both sides have it.

    `shows` and `wanted` are pieces of the SKU; `free` are the inventory units that the books
    would promise if nothing were in flight; `in_flight` are units, too. `sold` are the pieces
    that the shop sold since it was last told a figure.
    """

    sku: str
    location: str
    item: str
    shows: int
    wanted: int
    free: Decimal
    pack: Decimal = Decimal(1)
    in_flight: Decimal = ZERO
    pushed: Pushed | None = None
    sold: Decimal = ZERO

    @property
    def off(self) -> Decimal:
        """Inventory units that the shop shows too many; negative when too few."""
        return self.shows * self.pack - self.free


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One difference with its cause; `per_day` are the units sold a day."""

    sku: str
    location: str
    item: str
    shows: int
    wanted: int
    off: Decimal
    cause: Cause
    told: str
    per_day: Decimal = ZERO

    @property
    def risk(self) -> Decimal:
        """Return units that differ times units sold a day."""
        return abs(self.off) * self.per_day


def drift_of(compared: Compared) -> Drift | None:
    """Name the cause of a difference; None where both sides agree."""
    if not compared.off:
        return None
    cause, told = _cause(compared)
    return _drift(compared, cause, told)


def unmapped(compared: Compared, told: str) -> Drift:
    """Tell of stock or of a location that nothing on the other side stands for."""
    return _drift(compared, Cause.WAREHOUSE, told)


def unknown(sku: str, location: str, shows: int) -> Drift:
    """Tell of a SKU that is shown and stands for no item."""
    nothing = Compared(sku=sku, location=location, item="", shows=shows, wanted=0, free=ZERO)
    return _drift(nothing, Cause.UNKNOWN, f"shows {shows}; no item, kit or sku crosswalk answers")


def ranked(drifts: Iterable[Drift]) -> list[Drift]:
    """Put what costs most first: units that differ times units sold a day, then the units."""
    return sorted(drifts, key=lambda one: (-one.risk, -abs(one.off), one.sku, one.location))


def at_pace(drift: Drift, per_day: Decimal) -> Drift:
    """Return the difference with how fast its item sells."""
    return replace(drift, per_day=per_day)


def _cause(one: Compared) -> tuple[Cause, str]:
    if one.shows == one.wanted and one.in_flight:
        return Cause.IN_FLIGHT, f"{_n(one.in_flight)} bought that the books do not know of yet"
    if one.shows == one.wanted:
        return Cause.PACK, f"{_n(one.free)} units are {one.shows} whole packs of {_n(one.pack)}"
    if one.pushed is None:
        return Cause.LATE, f"shows {one.shows}, ought to show {one.wanted}; never pushed"
    return _since_the_push(one, one.pushed)


def _since_the_push(one: Compared, pushed: Pushed) -> tuple[Cause, str]:
    facts = f"pushed {pushed.quantity} on {pushed.at:%Y-%m-%d %H:%M} UTC, shows {one.shows}"
    if one.shows == pushed.quantity:
        return Cause.LATE, f"{facts}; the books have moved to {one.wanted} since"
    if not pushed.quantity - one.sold <= one.shows < pushed.quantity:
        between = f"only {_n(one.sold)} sold" if one.sold else "no order"
        return Cause.EDIT, f"{facts}; {between} in between"
    if one.wanted == pushed.quantity:
        return Cause.IN_FLIGHT, f"{facts}; {_n(one.sold)} sold that the books do not know of"
    return Cause.LATE, f"{facts}; {_n(one.sold)} sold, and the books moved to {one.wanted}"


def _drift(one: Compared, cause: Cause, told: str) -> Drift:
    return Drift(
        sku=one.sku,
        location=one.location,
        item=one.item,
        shows=one.shows,
        wanted=one.wanted,
        off=one.off,
        cause=cause,
        told=told,
    )


def _n(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
