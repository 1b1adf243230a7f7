"""A delivery of the books shows on the deal that it was sold by."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.deal_progress import deal_of
from b1bridge.domain.identity import Ref
from b1bridge.domain.shipments import Delivery
from b1bridge.engine import codec
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.crm import DealSource
from b1bridge.ports.crm_books import DealDeliveries
from b1bridge.procedures.deal_progress import note_progress


@dataclass(frozen=True, kw_only=True)
class Options:
    """There is nothing to set."""


async def delivery_to_deal(
    run: Run, books: DealDeliveries, crm: DealSource, options: Options
) -> Outcome:
    """Say on each deal of a delivery what was delivered of it, and what was invoiced."""
    del options
    delivery = await run.step("read delivery", lambda: books.delivery(run.ref))
    version = codec.digest(delivery)
    run.saw(version)
    deals = _deals(delivery, run.target)
    if version == run.seen or not deals:
        why = "the delivery has not changed" if deals else f"no deal of {run.target} is in it"
        return Outcome(Did.ALREADY_THERE if deals else Did.SKIPPED, why)
    told = {deal.id: await note_progress(run, books, crm, deal) for deal in deals}
    if not any(told.values()):
        return Outcome(Did.ALREADY_THERE, "each deal says so already, or is gone")
    return Outcome(Did.POSTED, "; ".join(f"deal {id_}: {news}" for id_, news in told.items()))


def _deals(delivery: Delivery, connection: str) -> list[Ref]:
    named = (deal_of(row.reference, connection) for row in delivery.rows)
    return list(dict.fromkeys(deal for deal in named if deal))


FLOW = Flow(
    name="delivery-to-deal",
    on="delivery",
    source=DealDeliveries,
    target=DealSource,
    body=delivery_to_deal,
    options=Options,
    mirrors=True,
)
