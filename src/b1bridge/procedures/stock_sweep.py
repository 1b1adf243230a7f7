"""Compares what a shop shows with what may be promised, and pushes what differs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from b1bridge.domain.availability import Formula, differences, most
from b1bridge.domain.bills_of_materials import kits_that_take, with_parts
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.kits import Kit, stocked_goods
from b1bridge.domain.shop_stock import (
    Catalogue,
    Showcase,
    Shown,
    kits_to_show,
    not_sold_in,
    wanted_kit,
    wanted_stock,
    warehouses_by_location,
)
from b1bridge.domain.stock import ShopStock, StockLevel
from b1bridge.engine.run import Run
from b1bridge.ports.books import SpecialItems, StockBooks
from b1bridge.ports.shop import StockTarget

_NAMED = 5
_LOOKED_UP = 500
"""Of so many unknown SKUs it is told whether they are kits without parts."""


@dataclass(frozen=True, kw_only=True)
class StockOptions(Formula):
    """The declared formula, over which warehouses, and how many differences go out at once."""

    warehouses: tuple[str, ...] = ()
    batch: int = 500
    moved_only: bool = False


@dataclass(slots=True)
class Sweep:
    """One comparison under way; memory grows with the shop's SKUs, not with the books' rows.

    What is in flight is read before the books: an order posted in between then counts
    twice for one sweep. The other way round it would count for nothing, and be oversold.
    """

    run: Run
    books: StockBooks
    shop: StockTarget
    options: StockOptions
    showcase: Showcase
    kits: Mapping[str, Kit]
    held_at_start: Mapping[str, Decimal]
    unread: int
    moved: frozenset[str] | None
    held: Mapping[str, Decimal] = field(default_factory=dict)
    compared: int = 0
    pushed: int = 0
    left: int = 0
    batch: list[ShopStock] = field(default_factory=list)

    async def compare(self) -> None:
        """Compare item by item, then kit by kit, and push whenever a batch is full."""
        self.held = self.held_at_start
        names = sorted(self.options.warehouses)
        source = self.books.stock_levels(names)
        if self.moved is not None:
            source = self.books.levels_of(self.moved, names)
        async for levels in by_item(source):
            await self._take(wanted_stock(levels, self.showcase, self.held))
        await self._compare_kits(names)
        await self._push()

    async def _compare_kits(self, warehouses: Sequence[str]) -> None:
        shown, catalogue = self.showcase.shown, self.showcase.catalogue
        kits = kits_to_show(self.kits.values(), catalogue, shown, self.moved)
        parts = {part.item for kit in kits for part in kit.parts}
        levels: dict[str, list[StockLevel]] = {}
        if parts:
            async for some in by_item(self.books.levels_of(parts, warehouses)):
                levels[some[0].item] = some
        for kit in kits:
            await self._take(wanted_kit(kit, levels, self.showcase, self.held))

    @property
    def is_whole(self) -> bool:
        """Whether nothing has to be compared again soon."""
        return not (self.unread or self.left)

    async def _take(self, wanted: Iterator[ShopStock]) -> None:
        figures = list(wanted)
        self.compared += len(figures)
        shown = self.showcase.shown.quantities
        self.batch.extend(differences(shown, figures, may_rise=not self.unread))
        if len(self.batch) >= self.options.batch:
            await self._push()

    async def _push(self) -> None:
        """Push a batch; from then on what is in flight now or was at the start is held back."""
        batch = await self._still_right(self.batch) if self.batch else []
        if batch:
            await self.shop.set_stock(batch)
            await self.run.shown.note(self.run.target, batch)
            self.pushed += len(batch)
            await self.run.progress(self.compared, len(self.showcase.shown.quantities))
        self.left += len(self.batch) - len(batch)
        self.batch = []
        self.unread = max(self.unread, await self.run.in_flight.unread())
        self.held = most(self.held_at_start, await self._in_flight())

    async def _still_right(self, batch: list[ShopStock]) -> list[ShopStock]:
        """Leave out what was sold, or changed in the shop, since the comparison read it.

        A shop that cannot compare and swap would lose the sale; what is left between this
        look and the write is the time of one request.
        """
        now = await shown_in(self.shop, frozenset(stock.sku for stock in batch))
        grown = self._grown(await self._in_flight())
        may_rise = not await self.run.in_flight.unread()
        before, item_of = self.showcase.shown.quantities, self.showcase.catalogue.item_of
        as_read = [
            stock
            for stock in batch
            if now.quantities.get((stock.sku, stock.location)) == before[stock.sku, stock.location]
            and item_of(stock.sku) not in grown
        ]
        return list(differences(before, as_read, may_rise=may_rise))

    async def _in_flight(self) -> dict[str, Decimal]:
        return stocked_goods(await self.run.in_flight.quantities(), self.kits)

    def _grown(self, in_flight: Mapping[str, Decimal]) -> frozenset[str]:
        """Return the items, and the kits that take them, of which more is in flight by now."""
        more = frozenset(i for i, held in in_flight.items() if held > self.held.get(i, 0))
        return more | kits_that_take(more, self.kits.values())

    async def remarks(self) -> list[str]:
        """Say what an operator should know of SKUs nothing answers to, and of unread orders."""
        unknown = sorted(self.showcase.shown.unknown) if self.moved is None else []
        bare = await self._without_parts(unknown)
        absent = [sku for sku in unknown if sku not in bare]
        said = [
            (absent, "SKUs of the shop have no stock in these warehouses"),
            (bare, "SKUs are no stock items and head no bill of materials"),
        ]
        lines = [f"{len(skus)} {what}: {_few(skus)}" for skus, what in said if skus]
        if self.unread:
            lines.append(f"{self.unread} orders are not read yet, so nothing was raised")
        if self.left:
            lines.append(f"{self.left} changed while they were compared, and are left for later")
        return lines

    async def _without_parts(self, unknown: list[str]) -> list[str]:
        """Return the SKUs whose items are sold but never stocked, and are no kits either."""
        item_of = self.showcase.catalogue.item_of
        asked = {sku: item_of(sku) for sku in unknown[:_LOOKED_UP]}
        found = await self.books.items(set(asked.values())) if asked else {}
        return [
            sku for sku, item in asked.items() if item in found and not found[item].inventory_item
        ]


async def sweep_of(
    run: Run,
    books: StockBooks,
    shop: StockTarget,
    options: StockOptions,
    moved: frozenset[str] | None,
) -> Sweep:
    """Read what the shop shows and what is in flight; of the items that moved, if named."""
    unread = await run.in_flight.unread()
    held = await run.in_flight.quantities()
    kits = {kit.item: kit for kit in await books.stock_kits()}
    moved = None if moved is None else with_parts(moved, kits)
    catalogue = Catalogue(await run.crosswalk("sku"), await run.crosswalk("pack"))
    shown = await shown_in(shop, None if moved is None else _skus_of(moved, kits, catalogue))
    await read_units(books, catalogue, shown)
    served = _served(shown, options, await run.crosswalk("location"))
    showcase = Showcase(shown, served, catalogue, options)
    return Sweep(
        run, books, shop, options, showcase, kits, stocked_goods(held, kits), unread, moved
    )


async def shown_in(shop: StockTarget, skus: frozenset[str] | None = None) -> Shown:
    """Read what the shop shows."""
    shown = Shown()
    async for stock in shop.stock(skus):
        shown.add(stock)
    return shown


async def read_units(books: SpecialItems, catalogue: Catalogue, shown: Shown) -> None:
    """Read how many pieces the units hold in which the shop sells; raises Unmapped."""
    for sku, item, unit in catalogue.in_units():
        if shown.shows(sku):
            found = await books.unit(item, unit)
            if found is None:
                raise not_sold_in(sku, item, unit)
            catalogue.units[sku] = found.pieces


async def by_item(levels: AsyncIterator[StockLevel]) -> AsyncIterator[list[StockLevel]]:
    """Gather the rows of one item; the books yield them ordered by item."""
    gathered: list[StockLevel] = []
    async for level in levels:
        if gathered and gathered[0].item != level.item:
            yield gathered
            gathered = []
        gathered.append(level)
    if gathered:
        yield gathered


def _served(shown: Shown, options: StockOptions, location: Crosswalk) -> dict[str, frozenset[str]]:
    return warehouses_by_location(shown.locations, options.warehouses, location)


def _skus_of(
    moved: frozenset[str], kits: Mapping[str, Kit], catalogue: Catalogue
) -> frozenset[str]:
    """Return the SKUs of what moved, and of the kits that take it."""
    items = moved | kits_that_take(moved, kits.values())
    return frozenset(sku for item in items for sku in catalogue.skus_of(item))


def _few(names: list[str]) -> str:
    more = ", …" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
