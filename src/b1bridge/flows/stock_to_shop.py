"""The shop shows what may be promised: what differs is pushed, of everything or of what moved."""

from __future__ import annotations

from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import StockBooks
from b1bridge.ports.shop import StockTarget
from b1bridge.procedures.stock_sweep import StockOptions, sweep_of

Result = tuple[dict[str, int], tuple[str, ...], str]


async def stock_to_shop(
    run: Run, books: StockBooks, shop: StockTarget, options: StockOptions
) -> Outcome:
    """Compare every SKU, or those whose items moved since the last run, and push what differs.

    One write for the whole sweep: quantities are absolute, so after a crash it is simply
    made again, with the books and the shop as they stand then. Both ways are one flow, so that
    they are runs of one record and take turns: a long sweep cannot undo a fresher push.
    """
    if not options.warehouses:
        fix = "set warehouses in the sync's options"
        msg = f"{run.ref}: the sync names no warehouse to take stock from"
        raise NeedsOperator(msg, reason="NO_WAREHOUSE", fix=fix)
    written = await run.write_once(
        "push differences", find=_never_there, write=lambda: _push(run, books, shop, options)
    )
    figures, remarks, mark = written.value
    run.saw(mark)
    did = Did.POSTED if figures["pushed"] else Did.ALREADY_THERE
    return Outcome(did, "; ".join(remarks), figures=figures)


async def _never_there() -> Result | None:
    return None


async def _push(run: Run, books: StockBooks, shop: StockTarget, options: StockOptions) -> Result:
    """Return figures, remarks, and how far the books were read when the comparison began.

    The mark stays where it was while orders are unread or a sale came in between: what could
    not be pushed must be compared again. Without a mark (a first run, or one that a person
    asked for) all is compared.
    """
    mark, moved = "", None
    if options.moved_only:
        found = await books.items_moved(run.seen)
        mark, moved = found.until, found.items if run.seen else None
        if run.seen and not found.items:
            return {"compared": 0, "pushed": 0, "unknown": 0}, (), mark
    sweep = await sweep_of(run, books, shop, options, moved)
    await sweep.compare()
    figures = {
        "compared": sweep.compared,
        "pushed": sweep.pushed,
        "unknown": len(sweep.showcase.shown.unknown) if moved is None else 0,
    }
    return figures, tuple(await sweep.remarks()), mark if sweep.is_whole else run.seen


FLOW = Flow(
    name="stock-to-shop",
    on="schedule",
    source=StockBooks,
    target=StockTarget,
    body=stock_to_shop,
    options=StockOptions,
)
