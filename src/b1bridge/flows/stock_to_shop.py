"""The shop shows what may be promised: a full comparison, of which only differences are pushed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from b1bridge.domain.availability import Formula, differences, most
from b1bridge.domain.shop_stock import Catalogue, Shown, wanted_stock, warehouses_by_location
from b1bridge.domain.stock import ShopStock, StockLevel
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import StockSource
from b1bridge.ports.shop import StockTarget

_NAMED_UNKNOWN = 5


@dataclass(frozen=True, kw_only=True)
class Options(Formula):
    """The declared formula, over which warehouses, and how many differences go out at once."""

    warehouses: tuple[str, ...] = ()
    batch: int = 500


@dataclass(slots=True)
class Sweep:
    """One comparison under way; memory grows with the shop's SKUs, not with the books' rows."""

    run: Run
    shown: Shown
    served: Mapping[str, frozenset[str]]
    catalogue: Catalogue
    options: Options
    held_at_start: Mapping[str, Decimal]
    unread: int
    compared: int = 0
    pushed: int = 0
    batch: list[ShopStock] = field(default_factory=list)


async def stock_to_shop(
    run: Run, books: StockSource, shop: StockTarget, options: Options
) -> Outcome:
    """Compare every SKU and push what differs.

    One write for the whole sweep: quantities are absolute, so after a crash it is simply
    made again, with the books and the shop as they stand then.
    """
    if not options.warehouses:
        fix = "set warehouses in the sync's options"
        msg = f"{run.ref}: the sync names no warehouse to take stock from"
        raise NeedsOperator(msg, reason="NO_WAREHOUSE", fix=fix)
    written = await run.write_once(
        "push differences", find=_never_there, write=lambda: _sweep(run, books, shop, options)
    )
    figures, remarks = written.value
    did = Did.POSTED if figures["pushed"] else Did.ALREADY_THERE
    return Outcome(did, "; ".join(remarks), figures=figures)


async def _never_there() -> tuple[dict[str, int], tuple[str, ...]] | None:
    return None


async def _sweep(
    run: Run, books: StockSource, shop: StockTarget, options: Options
) -> tuple[dict[str, int], tuple[str, ...]]:
    # What is in flight is read before the books: an order posted in between then counts
    # twice for one sweep. The other way round it would count for nothing, and be oversold.
    sweep = await _begun(run, shop, options)
    held = sweep.held_at_start
    async for levels in _by_item(books.stock_levels(sorted(options.warehouses))):
        _compare(sweep, levels, held)
        if len(sweep.batch) >= options.batch:
            held = await _push(sweep, shop)
    await _push(sweep, shop)
    figures = {
        "compared": sweep.compared,
        "pushed": sweep.pushed,
        "unknown": len(sweep.shown.unknown),
    }
    return figures, tuple(_remarks(sweep))


async def _begun(run: Run, shop: StockTarget, options: Options) -> Sweep:
    unread = await run.in_flight.unread()
    held = await run.in_flight.quantities()
    shown = Shown()
    async for stock in shop.stock():
        shown.add(stock)
    served = warehouses_by_location(
        shown.locations, options.warehouses, await run.crosswalk("location")
    )
    catalogue = Catalogue(await run.crosswalk("sku"), await run.crosswalk("pack"))
    return Sweep(run, shown, served, catalogue, options, held, unread)


async def _by_item(levels: AsyncIterator[StockLevel]) -> AsyncIterator[list[StockLevel]]:
    """Gather the rows of one item; the books yield them ordered by item."""
    gathered: list[StockLevel] = []
    async for level in levels:
        if gathered and gathered[0].item != level.item:
            yield gathered
            gathered = []
        gathered.append(level)
    if gathered:
        yield gathered


def _compare(sweep: Sweep, levels: list[StockLevel], held: Mapping[str, Decimal]) -> None:
    wanted = list(
        wanted_stock(levels, sweep.served, sweep.shown, sweep.catalogue, sweep.options, held)
    )
    sweep.compared += len(wanted)
    may_rise = not sweep.unread
    sweep.batch.extend(differences(sweep.shown.quantities, wanted, may_rise=may_rise))


async def _push(sweep: Sweep, shop: StockTarget) -> Mapping[str, Decimal]:
    """Push a batch; return what is in flight now or was when the sweep began."""
    if sweep.batch:
        await shop.set_stock(sweep.batch)
        sweep.pushed += len(sweep.batch)
        sweep.batch = []
        await sweep.run.progress(sweep.compared, len(sweep.shown.quantities))
    sweep.unread = max(sweep.unread, await sweep.run.in_flight.unread())
    return most(sweep.held_at_start, await sweep.run.in_flight.quantities())


def _remarks(sweep: Sweep) -> Iterator[str]:
    unknown = sorted(sweep.shown.unknown)
    if unknown:
        more = ", …" if len(unknown) > _NAMED_UNKNOWN else ""
        named = f"{', '.join(unknown[:_NAMED_UNKNOWN])}{more}"
        yield f"{len(unknown)} SKUs of the shop have no stock in these warehouses: {named}"
    if sweep.unread:
        yield f"{sweep.unread} orders are not read yet, so nothing was raised"


FLOW = Flow(
    name="stock-to-shop",
    on="schedule",
    source=StockSource,
    target=StockTarget,
    body=stock_to_shop,
    options=Options,
)
