"""An order of the shop becomes an A/R invoice."""

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
    """`reserve` posts reserve invoices: paid now, stock committed, delivered later."""

    reserve: bool = False


async def order_to_invoice(run: Run, shop: OrderSource, books: Books, options: Options) -> Outcome:
    """Invoice the order once, to the cent; its payments follow."""
    return await order_to_document(
        run, shop, books, options, DocumentKind.INVOICE, reserve=options.reserve
    )


FLOW = Flow(
    name="order-to-invoice",
    on="order",
    source=OrderSource,
    target=Books,
    body=order_to_invoice,
    options=Options,
    lane=Lane.ORDERS,
    then=("payment-to-incoming-payment", "refund-to-credit-memo"),
)
