"""Which stock a shop ought to show, from a stream of what the books count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from b1bridge.domain.availability import ZERO, Formula, available
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.stock import ShopStock, StockLevel
from b1bridge.errors import NeedsOperator, Unmapped


@dataclass(slots=True)
class Shown:
    """What the shop shows now, by SKU and location; all that a sweep keeps in memory.

    `unknown` are the SKUs that no item of the books has answered to yet.
    """

    quantities: dict[tuple[str, str], int] = field(default_factory=dict)
    locations: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def add(self, stock: ShopStock) -> None:
        """Take in one SKU at one location."""
        self.quantities[stock.sku, stock.location] = stock.quantity
        self.locations.add(stock.location)
        self.unknown.add(stock.sku)


class Catalogue:
    """Which SKUs stand for an item: those of the sku crosswalk, else the item's own code.

    `pack` says how many inventory units one piece of a SKU holds; without an entry, one.
    """

    def __init__(self, sku: Crosswalk, pack: Crosswalk) -> None:
        self._renamed = sku.codes
        self._pack = pack
        self._skus: dict[str, list[str]] = {}
        for name, item in sku.codes.items():
            self._skus.setdefault(item, []).append(name)

    def skus_of(self, item: str) -> list[str]:
        """Return every SKU that sells this item."""
        own = [] if item in self._renamed else [item]
        return [*own, *self._skus.get(item, ())]

    def pack_of(self, sku: str) -> int:
        """Return the units in one piece; raises Unmapped when the entry is no such number."""
        entry = self._pack.find(sku)
        if entry is None:
            return 1
        if entry.isdecimal() and int(entry):
            return int(entry)
        msg = f"'{sku}' is '{entry}' in the pack crosswalk, which is no number of units"
        raise Unmapped(msg, reason="PACK_MAP", fix="enter a whole number above zero, then retry")


def warehouses_by_location(
    locations: Collection[str], warehouses: Iterable[str], crosswalk: Crosswalk
) -> dict[str, frozenset[str]]:
    """Say which warehouses serve which location of the shop.

    The location crosswalk names them ("W1,W2"). Without an entry a lone location is served
    by all; of several each needs an entry, or the same piece would be promised twice.
    """
    chosen = frozenset(warehouses)
    served: dict[str, frozenset[str]] = {}
    for location in sorted(locations):
        if len(locations) == 1 and crosswalk.find(location) is None:
            served[location] = chosen
        else:
            entry = crosswalk.get(location, record="stock")
            served[location] = frozenset(name.strip() for name in entry.split(","))
            _refuse_unread(location, served[location] - chosen)
    return served


def wanted_stock(
    levels: Iterable[StockLevel],
    served: Mapping[str, frozenset[str]],
    shown: Shown,
    catalogue: Catalogue,
    formula: Formula,
    in_flight: Mapping[str, Decimal],
) -> Iterator[ShopStock]:
    """Yield what the shop ought to show of one item, for each SKU and location it shows it at.

    What is in flight may be taken from any location, so every one of them holds it back.
    """
    by_warehouse = {level.warehouse: level for level in levels}
    item = next(iter(by_warehouse.values())).item
    for sku in catalogue.skus_of(item):
        shown.unknown.discard(sku)
        for location, warehouses in served.items():
            if (sku, location) in shown.quantities:
                here = [level for name, level in by_warehouse.items() if name in warehouses]
                held, pack = in_flight.get(item, ZERO), catalogue.pack_of(sku)
                yield ShopStock(sku, location, available(here, formula, in_flight=held, pack=pack))


def _refuse_unread(location: str, unread: frozenset[str]) -> None:
    if unread:
        msg = f"location {location} is served by {', '.join(sorted(unread))}, which is not read"
        fix = "add the warehouse to the sync's warehouses, or take it out of the location crosswalk"
        raise NeedsOperator(msg, reason="LOCATION_MAP", fix=fix)
