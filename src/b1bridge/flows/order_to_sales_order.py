"""An order of the shop becomes a sales order, which commits stock and is delivered later."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.documents import DocumentKind
from b1bridge.engine.flow import Flow, Lane, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.books import Books
from b1bridge.ports.shop import OrderSource
from b1bridge.procedures.order_documents import order_to_document
from b1bridge.procedures.order_options import OrderOptions


@dataclass(frozen=True, kw_only=True)
class Options(OrderOptions):
    """What every sync of orders may declare."""


async def order_to_sales_order(
    run: Run, shop: OrderSource, books: Books, options: Options
) -> Outcome:
    """Enter the order once, to the cent; batches are chosen when it is delivered."""
    return await order_to_document(run, shop, books, options, DocumentKind.SALES_ORDER)


FLOW = Flow(
    name="order-to-sales-order",
    on="order",
    source=OrderSource,
    target=Books,
    body=order_to_sales_order,
    options=Options,
    lane=Lane.ORDERS,
    then=("payment-to-down-payment", "sales-order-to-invoice", "refund-to-credit-memo"),
)
