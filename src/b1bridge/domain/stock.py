"""How much of an item may be promised, from what the books count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StockLevel:
    """One item in one warehouse, in inventory units of measure; `group` is its item group's key."""

    item: str
    warehouse: str
    on_hand: Decimal
    committed: Decimal
    ordered: Decimal
    group: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The items whose documents moved; `until` is how far the books were read to find them."""

    items: frozenset[str]
    until: str


@dataclass(frozen=True, slots=True)
class ShopStock:
    """What a shop shows for one SKU at one of its locations, in whole sales units."""

    sku: str
    location: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Pushed:
    """The quantity a shop was last told to show, and when."""

    quantity: int
    at: datetime
