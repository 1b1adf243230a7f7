"""How much of an item may be promised, from what the books count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StockLevel:
    """One item in one warehouse, in inventory units of measure."""

    item: str
    warehouse: str
    on_hand: Decimal
    committed: Decimal
    ordered: Decimal


@dataclass(frozen=True, slots=True)
class ShopStock:
    """What a shop shows for one SKU at one of its locations, in whole sales units."""

    sku: str
    location: str
    quantity: int
