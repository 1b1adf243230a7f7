"""What is still open of a deal's order, and by when it is expected, shows on the deal."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.deal_progress import deal_of
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.crm import DealSource
from b1bridge.ports.crm_books import DealOrders
from b1bridge.procedures.deal_progress import note_progress


@dataclass(frozen=True, kw_only=True)
class Options:
    """There is nothing to set."""


async def sales_order_to_deal(
    run: Run, books: DealOrders, crm: DealSource, options: Options
) -> Outcome:
    """Look at the order as it stands: people move its dates, and deliver or close its rows."""
    del options
    reference = await run.step("read reference", lambda: books.order_reference(run.ref))
    deal = deal_of(reference, run.target)
    if deal is None:
        return Outcome(Did.SKIPPED, f"no deal of {run.target} became this order")
    told = await note_progress(run, books, crm, deal)
    if not told:
        return Outcome(Did.ALREADY_THERE, f"deal {deal.id} says so already, or is gone")
    return Outcome(Did.POSTED, f"deal {deal.id}: {told}")


FLOW = Flow(
    name="sales-order-to-deal",
    on="sales order",
    source=DealOrders,
    target=DealSource,
    body=sales_order_to_deal,
    options=Options,
)
