"""How much of an item may be promised to shoppers (correctness-rules 3.6 and 3.7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from b1bridge.domain.kits import Kit
from b1bridge.domain.stock import ShopStock, StockLevel

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Formula:
    """On hand - committed (+ ordered) - buffers, then the share of this shop.

    Pooled, a warehouse that owes more than it has takes from the others; bound, it counts
    as empty. `buffers` are kept back per warehouse; `item_buffers` of an item and, where it
    has none of its own, `group_buffers` of its group are kept back at each location of the
    shop. All are in inventory units. `share` is the part of the rest that may be shown here.
    """

    buffers: Mapping[str, Decimal] = field(default_factory=dict)
    item_buffers: Mapping[str, Decimal] = field(default_factory=dict)
    group_buffers: Mapping[str, Decimal] = field(default_factory=dict)
    share: Decimal = ONE
    count_ordered: bool = False
    pooled: bool = True

    def __post_init__(self) -> None:
        """Refuse a share that would promise more than there is, or less than nothing."""
        if not ZERO <= self.share <= ONE:
            msg = f"share is {self.share}, and must lie between 0 and 1"
            raise ValueError(msg)


def promised(
    levels: Sequence[StockLevel], formula: Formula, *, in_flight: Decimal = ZERO
) -> Decimal:
    """Return the inventory units of one item that may be shown; never negative.

    `in_flight` is what shoppers bought and the books do not know of yet.
    """
    free = [_free(level, formula) for level in levels]
    if not formula.pooled:
        free = [max(ZERO, amount) for amount in free]
    kept = _kept_back(levels[0], formula) if levels else ZERO
    return max(ZERO, sum(free, ZERO) - kept - in_flight) * formula.share


def available(
    levels: Sequence[StockLevel],
    formula: Formula,
    *,
    in_flight: Decimal = ZERO,
    pack: Decimal = ONE,
) -> int:
    """Return what may be shown, in packs: never a part of a pack."""
    return whole(promised(levels, formula, in_flight=in_flight) / pack)


def kits_available(kit: Kit, promised: Mapping[str, Decimal]) -> int:
    """Return how many kits the promised units of their parts make: the scarcest decides."""
    return min(whole(promised.get(part.item, ZERO) / part.quantity) for part in kit.parts)


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


def whole(quantity: Decimal) -> int:
    """Round down to whole pieces: half a piece is not for sale."""
    return int(quantity.to_integral_value(ROUND_FLOOR))


def _free(level: StockLevel, formula: Formula) -> Decimal:
    ordered = level.ordered if formula.count_ordered else ZERO
    buffer = formula.buffers.get(level.warehouse, ZERO)
    return level.on_hand - level.committed + ordered - buffer


def _kept_back(level: StockLevel, formula: Formula) -> Decimal:
    of_group = formula.group_buffers.get(level.group, ZERO)
    return formula.item_buffers.get(level.item, of_group)
