"""How much of an item may be promised to shoppers (correctness-rules 3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from b1bridge.domain.stock import ShopStock, StockLevel

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Formula:
    """On hand - committed (+ ordered) - buffer, per warehouse.

    Pooled, a warehouse that owes more than it has takes from the others; bound, it counts
    as empty. `buffers` are kept back per warehouse, in inventory units.
    """

    buffers: Mapping[str, Decimal] = field(default_factory=dict)
    count_ordered: bool = False
    pooled: bool = True


def available(
    levels: Iterable[StockLevel], formula: Formula, *, in_flight: Decimal = ZERO, pack: int = 1
) -> int:
    """Return what may be shown, in packs: never negative, never a part of a pack.

    `in_flight` is what shoppers bought and the books do not know of yet.
    """
    free = [_free(level, formula) for level in levels]
    if not formula.pooled:
        free = [max(ZERO, amount) for amount in free]
    promised = max(ZERO, sum(free, ZERO) - in_flight)
    return int((promised / pack).to_integral_value(ROUND_FLOOR))


def differences(
    shown: Mapping[tuple[str, str], int], wanted: Iterable[ShopStock], *, may_rise: bool = True
) -> Iterator[ShopStock]:
    """Yield what the shop shows otherwise; `shown` is by SKU and location.

    While nobody knows what some orders took, a figure may only go down: the shop has
    counted those orders itself.
    """
    for stock in wanted:
        now = shown[stock.sku, stock.location]
        if stock.quantity < now or (stock.quantity > now and may_rise):
            yield stock


def most(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the larger quantity of each item: what was in flight at either of two moments."""
    return {
        item: max(one.get(item, ZERO), other.get(item, ZERO)) for item in one.keys() | other.keys()
    }


def _free(level: StockLevel, formula: Formula) -> Decimal:
    ordered = level.ordered if formula.count_ordered else ZERO
    buffer = formula.buffers.get(level.warehouse, ZERO)
    return level.on_hand - level.committed + ordered - buffer
