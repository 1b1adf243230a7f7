"""How much of an item a client may count on: what is free now, and what orders took since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.availability import ZERO, Formula, kits_available, promised
from b1bridge.domain.kits import Kit, Part
from b1bridge.domain.stock import StockLevel

_PLAIN = Formula()


@dataclass(frozen=True, slots=True)
class FreeStock:
    """One item, in inventory units. `available` is None where nothing is counted: a service.

    A kit has no levels of its own: its scarcest part decides, and `parts` are what one takes.
    `in_flight` is what was bought and no document commits yet; nobody knows from which warehouse.
    """

    item: str
    levels: tuple[StockLevel, ...] = ()
    parts: tuple[Part, ...] = ()
    in_flight: Decimal = ZERO
    available: Decimal | None = None


def free_stock(
    item: str,
    levels: Mapping[str, Sequence[StockLevel]],
    kits: Mapping[str, Kit],
    in_flight: Mapping[str, Decimal],
) -> FreeStock:
    """Tell what is free of an item; `kits` are in stocked parts, none within another."""
    if kit := kits.get(item):
        free = {part.item: _free(part.item, levels, in_flight) for part in kit.parts}
        return FreeStock(item, parts=kit.parts, available=Decimal(kits_available(kit, free)))
    if item not in levels:
        return FreeStock(item)
    taken = in_flight.get(item, ZERO)
    return FreeStock(item, tuple(levels[item]), (), taken, _free(item, levels, in_flight))


def _free(
    item: str, levels: Mapping[str, Sequence[StockLevel]], in_flight: Mapping[str, Decimal]
) -> Decimal:
    return promised(levels.get(item, ()), _PLAIN, in_flight=in_flight.get(item, ZERO))
