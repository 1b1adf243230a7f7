"""A sales order that is paid or delivered becomes an invoice, which draws what was paid before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from b1bridge.domain.batches import Allocation
from b1bridge.domain.components import with_components
from b1bridge.domain.consistency import consistent
from b1bridge.domain.documents import CompanyRules, DocumentKind, SalesDocument, Totals
from b1bridge.domain.down_payments import drawing
from b1bridge.domain.drawn_invoices import DueInvoice, drawn_from_order, is_delivered
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order, is_called_off
from b1bridge.domain.payments import Payment, check_given_back
from b1bridge.domain.proof import Tolerance, confirm, proved
from b1bridge.domain.sales_documents import Terms, charged_totals, document_for
from b1bridge.domain.standing import Standing
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.errors import Transient
from b1bridge.ports.books import Books
from b1bridge.ports.shop import PaidOrderSource, RefundSource
from b1bridge.procedures.open_periods import post_in_period
from b1bridge.procedures.order_writing import codes_of, ledger_of
from b1bridge.procedures.prepaid_orders import read_prepaid
from b1bridge.procedures.special_items import post_allocated


@dataclass(frozen=True, kw_only=True)
class Options(Terms, Tolerance, Allocation):
    """`when` the invoice is made out: once the order is paid in full, or delivered in full."""

    when: Literal["paid", "delivered"] = "paid"


async def sales_order_to_invoice(
    run: Run, shop: PaidOrderSource, books: Books, options: Options
) -> Outcome:
    """Invoice the sales order once, to the cent; later payments settle what is left."""
    invoiced = await run.step(
        "find invoice", lambda: books.find_document(DocumentKind.INVOICE, str(run.ref))
    )
    if invoiced:
        return Outcome(Did.ALREADY_THERE, "", (invoiced,))
    order = await run.step("read order", lambda: shop.order(run.ref))
    payments = await run.step("read payments", lambda: shop.payments(run.ref))
    if is_called_off(order):
        received = Money.sum((payment.amount for payment in payments), order.currency)
        booked = await run.step("look for its money", lambda: _given(shop, books, order, payments))
        check_given_back(order.ref, received, received - booked)
        return Outcome(Did.SKIPPED, f"order {order.number} is no sale any more: {order.state}")
    due = await run.step("read sales order", lambda: _due(run.ref, order, payments, books, options))
    if isinstance(due, str):
        return Outcome(Did.SKIPPED, due)
    invoice, charged, notes = await _invoice(run, books, order, due, options)
    return await _post(run, books, invoice, charged, notes, options)


async def _given(
    shop: PaidOrderSource, books: Books, order: Order, payments: tuple[Payment, ...]
) -> Money:
    """Return what went back of an order, and what down payments show of it in the books."""
    given = (await read_prepaid(books, order, payments)).total(order.currency)
    if isinstance(shop, RefundSource):
        refunds = await shop.refunds(order.ref)
        given += Money.sum((refund.returned for refund in refunds), order.currency)
    return given


async def _due(
    ref: Ref, order: Order, payments: tuple[Payment, ...], books: Books, options: Options
) -> DueInvoice | str:
    """Return what the invoice is drawn from, or why it is not due yet."""
    found = await books.standing(DocumentKind.SALES_ORDER, str(ref))
    base = next((one for one in found if one.reference == str(ref)), None)
    if base is None:
        return "no sales order carries this order yet; the run that posts it brings its invoice"
    paid = Money.sum((payment.amount for payment in payments), order.currency)
    if options.when == "paid" and paid < order.total:
        return f"{paid} of {order.total} is paid"
    if options.when == "delivered" and not is_delivered(base):
        return f"sales order {base.posted.number} is not delivered in full"
    deliveries = await books.drawn_from(base, DocumentKind.DELIVERY)
    prepaid = await read_prepaid(books, order, payments)
    unpaid = prepaid.unpaid()
    if unpaid is not None:
        # Its money would settle the invoice instead, and the down payment stay open for good.
        msg = f"{ref}: down payment {unpaid.posted.number} waits for the payment that it is for"
        raise Transient(msg)
    day = _day(base, payments, deliveries, await books.rules(), options)
    return DueInvoice(base, deliveries, prepaid.left_to_draw(), day)


def _day(
    order: Standing,
    payments: tuple[Payment, ...],
    deliveries: tuple[Standing, ...],
    rules: CompanyRules,
    options: Options,
) -> date:
    """Return the day on which the last of what the invoice waits for came true."""
    if options.when == "delivered":
        days = [delivery.posted_on for delivery in deliveries]
    else:
        days = [rules.day_of(payment.captured_at) for payment in payments]
    return max([order.posted_on, *days])


async def _invoice(
    run: Run, books: Books, order: Order, due: DueInvoice, options: Options
) -> tuple[SalesDocument, Totals, tuple[str, ...]]:
    codes = await codes_of(run)
    order = with_components(order, codes.freight)
    # What was delivered has its batches chosen; what leaves with the invoice would need them.
    kind = DocumentKind.SALES_ORDER if is_delivered(due.order) else DocumentKind.INVOICE
    ledger = await run.step(
        "read company and items",
        lambda: ledger_of(books, order, codes, kind, reserve=False, allocates=options.allocates),
    )
    fitted = consistent(order, options)
    written = document_for(fitted.order, DocumentKind.INVOICE, ledger, codes, options)
    drawn = drawn_from_order(written, due.order, due.deliveries)
    dated = replace(
        drawn,
        business_partner=due.order.business_partner,
        posted_on=due.posted_on,
        due_on=due.posted_on + timedelta(days=options.due_days),
    )
    charged = charged_totals(order, codes)
    proof = proved(dated, charged, options)
    notes = tuple(note for note in (fitted.note, proof.note) if note)
    invoice = replace(proof.document, comments=". ".join((*notes, dated.comments)))
    return drawing(invoice, charged.total, due.down_payments), charged, notes


async def _post(
    run: Run,
    books: Books,
    invoice: SalesDocument,
    charged: Totals,
    notes: tuple[str, ...],
    options: Options,
) -> Outcome:
    written = await run.write_once(
        f"post {invoice.kind}",
        find=lambda: books.find_document(invoice.kind, invoice.reference),
        write=lambda: post_in_period(
            books, invoice, options, lambda dated: post_allocated(books, dated, options)
        ),
    )
    posted: Posted = written.value
    other = Ref(run.target, posted.kind, str(posted.entry))
    await run.links.link(run.ref, other, number=str(posted.number))
    booked = await run.step("read back totals", lambda: books.totals_of(posted))
    note = confirm(posted, invoice, charged, booked, options)
    reason = "; ".join(dict.fromkeys(one for one in (*notes, note) if one))
    did = Did.ALREADY_THERE if written.already_there else Did.POSTED
    return Outcome(did, reason, (posted,))


FLOW = Flow(
    name="sales-order-to-invoice",
    on="order",
    source=PaidOrderSource,
    target=Books,
    body=sales_order_to_invoice,
    options=Options,
    then=("payment-to-incoming-payment", "refund-to-credit-memo"),
)
