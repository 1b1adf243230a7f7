"""Reads what is free of some items, kits within kits included, in a few requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from b1bridge.domain.bills_of_materials import in_stocked_parts
from b1bridge.domain.free_stock import FreeStock, free_stock
from b1bridge.domain.kits import IN_PARTS, Kit
from b1bridge.domain.stock import StockLevel
from b1bridge.ports.lookups import Availability


async def free_stock_of(
    books: Availability,
    items: Collection[str],
    warehouses: Sequence[str],
    in_flight: Mapping[str, Decimal],
) -> list[FreeStock]:
    """Return it for the items that exist, in the order asked; no warehouse means all."""
    known = await books.items(items)
    bills = await _bills_below(books, known)
    parts = {part.item for bill in bills.values() for part in bill.parts}
    levels: dict[str, list[StockLevel]] = {}
    async for level in books.levels_of(sorted(parts | known.keys()), ()):
        levels.setdefault(level.item, []).append(level)
    kits = {kit.item: kit for kit in in_stocked_parts(bills, levels)}
    if warehouses:
        levels = {item: _within(some, warehouses) for item, some in levels.items()}
    return [free_stock(item, levels, kits, in_flight) for item in items if item in known]


async def _bills_below(books: Availability, items: Collection[str]) -> dict[str, Kit]:
    """Read the bills of materials of items and of their parts, layer by layer."""
    found: dict[str, Kit] = {}
    layer = set(items)
    looked: set[str] = set()
    while layer:
        looked |= layer
        bills = await books.kits(layer)
        below = {code: bill for code, bill in bills.items() if bill.tree in IN_PARTS}
        found |= below
        layer = {part.item for bill in below.values() for part in bill.parts} - looked
    return found


def _within(levels: Sequence[StockLevel], warehouses: Collection[str]) -> list[StockLevel]:
    return [level for level in levels if level.warehouse in warehouses]
