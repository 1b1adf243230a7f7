"""Which stock a shop ought to show, from a stream of what the books count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from b1bridge.domain.availability import (
    ONE,
    ZERO,
    Formula,
    available,
    kits_available,
    promised,
    whole,
)
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.kits import Kit
from b1bridge.domain.stock import ShopStock, StockLevel
from b1bridge.domain.units import item_and_unit
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

    def shows(self, sku: str) -> bool:
        """Tell whether the shop has this SKU at all."""
        return any((sku, location) in self.quantities for location in self.locations)


class Catalogue:
    """Which SKUs stand for an item: those of the sku crosswalk, else the item's own code.

    A piece of a SKU holds as many inventory units as the pack crosswalk says, or as the unit
    it is sold in, or one. `units` are those of `in_units`, by SKU, once somebody has read them.
    """

    def __init__(self, sku: Crosswalk, pack: Crosswalk) -> None:
        self._named = {name: item_and_unit(entry) for name, entry in sku.codes.items()}
        self._pack = pack
        self._skus: dict[str, list[str]] = {}
        for name, (item, _) in self._named.items():
            self._skus.setdefault(item, []).append(name)
        self.units: dict[str, Decimal] = {}

    def skus_of(self, item: str) -> list[str]:
        """Return every SKU that sells this item."""
        own = [] if item in self._named else [item]
        return [*own, *self._skus.get(item, ())]

    def item_of(self, sku: str) -> str:
        """Return the item that this SKU sells."""
        return self._named[sku][0] if sku in self._named else sku

    def in_units(self) -> Iterator[tuple[str, str, str]]:
        """Yield SKU, item and unit of each SKU whose pack only the books can tell."""
        for name, (item, unit) in self._named.items():
            if unit and self._pack.find(name) is None:
                yield name, item, unit

    def pack_of(self, sku: str) -> Decimal:
        """Return the units in one piece; raises Unmapped when the entry is no such number."""
        entry = self._pack.find(sku)
        if entry is None and (sku in self.units or not self._unit_of(sku)):
            return self.units.get(sku, ONE)
        if entry is not None and entry.isdecimal() and int(entry):
            return Decimal(entry)
        said = (
            f"is '{entry}'"
            if entry is not None
            else f"stands for a {self._unit_of(sku)} and has no entry"
        )
        msg = f"'{sku}' {said} in the pack crosswalk, which is no number of units"
        raise Unmapped(msg, reason="PACK_MAP", fix="enter a whole number above zero, then retry")

    def _unit_of(self, sku: str) -> str:
        return self._named[sku][1] if sku in self._named else ""


def not_sold_in(sku: str, item: str, unit: str) -> Unmapped:
    """Say that nobody knows how many units a piece of a SKU holds (correctness-rules 3.9)."""
    msg = f"'{sku}' stands for {item} in the unit '{unit}', which {item} is not sold in"
    fix = "add the unit to the item's group of units, or enter the SKU in the pack crosswalk; "
    return Unmapped(msg, reason="PACK_MAP", fix=f"{fix}then retry the case")


def warehouses_by_location(
    locations: Collection[str], warehouses: Iterable[str], crosswalk: Crosswalk
) -> dict[str, frozenset[str]]:
    """Say which warehouses serve which location of the shop.

    The location crosswalk names them ("W1,W2"). While it is empty a lone location is served
    by all; of several each needs an entry, or the same piece would be promised twice.
    """
    chosen = frozenset(warehouses)
    served: dict[str, frozenset[str]] = {}
    for location in sorted(locations):
        if len(locations) == 1 and not crosswalk.codes:
            served[location] = chosen
        else:
            entry = crosswalk.get(location, record="stock")
            served[location] = frozenset(name.strip() for name in entry.split(","))
            _refuse_unread(location, served[location] - chosen)
    return served


@dataclass(frozen=True, slots=True)
class Showcase:
    """Where a shop shows what: all that does not change from item to item."""

    shown: Shown
    served: Mapping[str, frozenset[str]]
    catalogue: Catalogue
    formula: Formula

    def places_of(self, item: str) -> Iterator[tuple[str, str]]:
        """Yield each SKU and location at which the shop shows the item."""
        for sku in self.catalogue.skus_of(item):
            self.shown.unknown.discard(sku)
            for location in self.served:
                if (sku, location) in self.shown.quantities:
                    yield sku, location

    def here(self, levels: Iterable[StockLevel], location: str) -> list[StockLevel]:
        """Return the levels of the warehouses that serve a location."""
        return [level for level in levels if level.warehouse in self.served[location]]


def wanted_stock(
    levels: Sequence[StockLevel], showcase: Showcase, in_flight: Mapping[str, Decimal]
) -> Iterator[ShopStock]:
    """Yield what the shop ought to show of one item, for each SKU and location it shows it at.

    What is in flight may be taken from any location, so every one of them holds it back.
    """
    item = levels[0].item
    held = in_flight.get(item, ZERO)
    for sku, location in showcase.places_of(item):
        here, pack = showcase.here(levels, location), showcase.catalogue.pack_of(sku)
        quantity = available(here, showcase.formula, in_flight=held, pack=pack)
        yield ShopStock(sku, location, quantity)


def wanted_kit(
    kit: Kit,
    levels: Mapping[str, Sequence[StockLevel]],
    showcase: Showcase,
    in_flight: Mapping[str, Decimal],
) -> Iterator[ShopStock]:
    """Yield what the shop ought to show of a kit; `levels` are those of the items it takes.

    A buffer of the kit itself is kept back in kits, those of its components in their units.
    """
    own_buffer = showcase.formula.item_buffers.get(kit.item, ZERO)
    for sku, location in showcase.places_of(kit.item):
        units = {
            part.item: promised(
                showcase.here(levels.get(part.item, ()), location),
                showcase.formula,
                in_flight=in_flight.get(part.item, ZERO),
            )
            for part in kit.parts
        }
        kits = max(ZERO, kits_available(kit, units) - own_buffer)
        yield ShopStock(sku, location, whole(kits / showcase.catalogue.pack_of(sku)))


def kits_to_show(
    kits: Iterable[Kit], catalogue: Catalogue, shown: Shown, moved: Collection[str] | None = None
) -> list[Kit]:
    """Return the kits that the shop sells; of those that moved, or took what moved, if named."""
    return [
        kit
        for kit in kits
        if any(map(shown.shows, catalogue.skus_of(kit.item)))
        and (moved is None or kit.item in moved or any(part.item in moved for part in kit.parts))
    ]


def _refuse_unread(location: str, unread: frozenset[str]) -> None:
    if unread:
        msg = f"location {location} is served by {', '.join(sorted(unread))}, which is not read"
        fix = "add the warehouse to the sync's warehouses, or take it out of the location crosswalk"
        raise NeedsOperator(msg, reason="LOCATION_MAP", fix=fix)
