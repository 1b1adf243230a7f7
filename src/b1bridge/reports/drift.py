"""Compares the stock a shop shows with what the books promise, and names each cause."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from b1bridge.domain.availability import ZERO, available, promised
from b1bridge.domain.drift import (
    Cause,
    Compared,
    Drift,
    at_pace,
    drift_of,
    ranked,
    unknown,
    unmapped,
)
from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.domain.kits import Kit, stocked_goods
from b1bridge.domain.orders import OrderState
from b1bridge.domain.shop_stock import Catalogue, Showcase, kits_to_show, wanted_kit
from b1bridge.domain.stock import Pushed, StockLevel
from b1bridge.engine.store import Memory
from b1bridge.ports.books import MeasuredStock
from b1bridge.ports.shop import ObservedShop
from b1bridge.procedures.stock_sweep import StockOptions, by_item, read_units, shown_in

PACE_DAYS = 30
ORDERS_READ = 500
"""So many orders of the shop are read to tell a sale from an edit."""

Sales = dict[str, list[tuple[datetime, Decimal]]]
"""Pieces sold and when, by SKU."""


@dataclass(slots=True)
class Both:
    """Both sides of one comparison, as far as they are held in memory."""

    showcase: Showcase
    kits: Mapping[str, Kit]
    in_flight: Mapping[str, Decimal]
    pushed: Mapping[tuple[str, str], Pushed]
    differing: list[Compared] = field(default_factory=list)
    unmapped: list[Drift] = field(default_factory=list)

    def take(self, compared: Compared) -> None:
        """Keep a comparison if the sides differ."""
        if not self.showcase.served[compared.location]:
            if compared.shows:
                self.unmapped.append(unmapped(compared, _NO_WAREHOUSE))
        elif compared.off:
            self.differing.append(compared)


_NO_WAREHOUSE = "no warehouse serves this location; enter it in the location crosswalk"


async def drift_report(
    books: MeasuredStock,
    shop: ObservedShop,
    shop_name: str,
    options: StockOptions,
    memory: Memory,
    now: datetime,
) -> list[Drift]:
    """Return every difference, the costliest first; nothing is written anywhere."""
    both = await _both(books, shop, shop_name, options, memory)
    names = sorted(options.warehouses)
    async for levels in by_item(books.stock_levels(names)):
        for compared in _of_item(both, levels):
            both.take(compared)
        both.unmapped.extend(_nowhere(both, levels))
    await _compare_kits(both, books, names)
    drifts = [*both.unmapped, *_unknown(both)]
    drifts += [found async for found in _explained(both, shop)]
    return await _ranked(drifts, books, now)


async def _both(
    books: MeasuredStock,
    shop: ObservedShop,
    shop_name: str,
    options: StockOptions,
    memory: Memory,
) -> Both:
    held = await memory.in_flight.quantities()
    kits = {kit.item: kit for kit in await books.stock_kits()}
    sku, pack, location = [
        await memory.crosswalks.crosswalk(name) for name in ("sku", "pack", "location")
    ]
    shown = await shown_in(shop)
    served = {
        place: _served(place, shown.locations, options, location) for place in shown.locations
    }
    catalogue = Catalogue(sku, pack)
    await read_units(books, catalogue, shown)
    showcase = Showcase(shown, served, catalogue, options)
    return Both(showcase, kits, stocked_goods(held, kits), await memory.shown.last(shop_name))


def _served(
    place: str, places: set[str], options: StockOptions, location: Crosswalk
) -> frozenset[str]:
    """Return the warehouses of a location; none where nobody has entered any."""
    entry = location.find(place)
    if entry is None:
        is_alone = len(places) == 1 and not location.codes
        return frozenset(options.warehouses) if is_alone else frozenset()
    return frozenset(name.strip() for name in entry.split(","))


def _of_item(both: Both, levels: Sequence[StockLevel]) -> Iterator[Compared]:
    item, showcase = levels[0].item, both.showcase
    held = both.in_flight.get(item, ZERO)
    for sku, place in showcase.places_of(item):
        here, pack = showcase.here(levels, place), showcase.catalogue.pack_of(sku)
        yield Compared(
            sku=sku,
            location=place,
            item=item,
            shows=showcase.shown.quantities[sku, place],
            wanted=available(here, showcase.formula, in_flight=held, pack=pack),
            free=promised(here, showcase.formula),
            pack=pack,
            in_flight=held,
            pushed=both.pushed.get((sku, place)),
        )


def _nowhere(both: Both, levels: Sequence[StockLevel]) -> Iterator[Drift]:
    """Tell of stock that lies in a warehouse of the sync which serves no location."""
    showcase, item = both.showcase, levels[0].item
    serving = frozenset().union(*showcase.served.values())
    for level in levels:
        free = promised([level], showcase.formula)
        for sku in showcase.catalogue.skus_of(item):
            if free and level.warehouse not in serving and showcase.shown.shows(sku):
                compared = Compared(sku=sku, location="", item=item, shows=0, wanted=0, free=free)
                told = (
                    f"{free.normalize():f} units lie in {level.warehouse}, which serves no location"
                )
                yield unmapped(compared, told)


async def _compare_kits(both: Both, books: MeasuredStock, warehouses: Sequence[str]) -> None:
    showcase = both.showcase
    kits = kits_to_show(both.kits.values(), showcase.catalogue, showcase.shown)
    levels: dict[str, list[StockLevel]] = {}
    parts = {part.item for kit in kits for part in kit.parts}
    if parts:
        async for some in by_item(books.levels_of(parts, warehouses)):
            levels[some[0].item] = some
    for kit in kits:
        free = {(s.sku, s.location): s.quantity for s in wanted_kit(kit, levels, showcase, {})}
        held = sum((both.in_flight.get(part.item, ZERO) for part in kit.parts), ZERO)
        for stock in wanted_kit(kit, levels, showcase, both.in_flight):
            place = (stock.sku, stock.location)
            both.take(
                Compared(
                    sku=stock.sku,
                    location=stock.location,
                    item=kit.item,
                    shows=showcase.shown.quantities[place],
                    wanted=stock.quantity,
                    free=Decimal(free[place]),
                    in_flight=held,
                    pushed=both.pushed.get(place),
                )
            )


def _unknown(both: Both) -> Iterator[Drift]:
    shown = both.showcase.shown
    for (sku, place), quantity in shown.quantities.items():
        if quantity and sku in shown.unknown:
            yield unknown(sku, place, quantity)


async def _explained(both: Both, shop: ObservedShop) -> AsyncIterator[Drift]:
    """Name causes; where an edit is suspected, the shop's own orders are asked first."""
    found = [(one, drift) for one in both.differing if (drift := drift_of(one))]
    suspects = [one for one, drift in found if drift.cause is Cause.EDIT]
    sales = await _sales_since(suspects, shop)
    for one, drift in found:
        yield drift_of(_with_sales(one, sales)) or drift


def _with_sales(one: Compared, sales: Sales) -> Compared:
    if one.pushed is None:
        return one
    since = [pieces for at, pieces in sales.get(one.sku, ()) if at >= one.pushed.at]
    return replace(one, sold=sum(since, ZERO))


async def _sales_since(suspects: Sequence[Compared], shop: ObservedShop) -> Sales:
    """Return what the shop sold of the suspects since the oldest push: when, and how many."""
    pushes = [one.pushed.at for one in suspects if one.pushed]
    sales: Sales = {one.sku: [] for one in suspects}
    read = 0
    async for ref, _ in _orders(shop, min(pushes, default=None)):
        read += 1
        if read > ORDERS_READ:
            break
        order = await shop.order(ref)
        for line in order.lines if order.state is not OrderState.CANCELLED else ():
            if line.sku in sales:
                sales[line.sku].append((order.placed_at, line.quantity))
    return sales


async def _orders(
    shop: ObservedShop, since: datetime | None
) -> AsyncIterator[tuple[Ref, datetime]]:
    if since is not None:
        async for found in shop.orders_changed_since(since):
            yield found


async def _ranked(drifts: list[Drift], books: MeasuredStock, now: datetime) -> list[Drift]:
    since = (now - timedelta(days=PACE_DAYS)).date()
    sold = await books.units_sold(since) if drifts else {}
    return ranked(at_pace(one, sold.get(one.item, ZERO) / PACE_DAYS) for one in drifts)
