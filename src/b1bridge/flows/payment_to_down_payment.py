"""Money that was captured before the invoice becomes a down payment, and settles it."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.down_payments import down_payment_for
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.payments import (
    Payment,
    PostedInvoice,
    check_settles,
    incoming_payment,
    means_and_account,
    shared_out,
)
from b1bridge.domain.periods import PeriodPolicy
from b1bridge.domain.proof import Tolerance, confirm
from b1bridge.domain.rates import RatePolicy
from b1bridge.domain.standing import Standing
from b1bridge.domain.tax import predicted_totals
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.books import Books
from b1bridge.ports.shop import PaymentSource
from b1bridge.procedures.incoming_payments import post_incoming
from b1bridge.procedures.open_periods import post_in_period


@dataclass(frozen=True, kw_only=True)
class Options(Tolerance, RatePolicy, PeriodPolicy):
    """How far tax may be rounded another way; accounts are in the payment_method crosswalk."""


async def payment_to_down_payment(
    run: Run, shop: PaymentSource, books: Books, options: Options
) -> Outcome:
    """Post a down payment invoice for every captured payment, each once, and the payment of it."""
    payments = await run.step("read payments", lambda: shop.payments(run.ref))
    if not payments:
        return Outcome(Did.SKIPPED, "the shop has captured no payment for this order yet")
    invoiced = await run.step(
        "find invoice", lambda: books.find_document(DocumentKind.INVOICE, str(run.ref))
    )
    if invoiced:
        why = f"invoice {invoiced.number} carries this order: what is paid now settles it"
        return Outcome(Did.SKIPPED, why)
    order = await run.step("find sales order", lambda: _order_of(run.ref, books))
    if order is None:
        return Outcome(Did.SKIPPED, "no sales order carries this order yet")
    _check(payments, order)
    methods = await run.crosswalk("payment_method")
    for payment in payments:
        means_and_account(payment, methods)
    posted = [
        one for payment in payments for one in await _pay(run, books, order, payment, options)
    ]
    did = Did.POSTED if any(is_new for _, is_new in posted) else Did.ALREADY_THERE
    return Outcome(did, "", tuple(document for document, _ in posted))


async def _order_of(ref: Ref, books: Books) -> Standing | None:
    found = await books.standing(DocumentKind.SALES_ORDER, str(ref))
    return next((one for one in found if one.reference == str(ref)), None)


def _check(payments: tuple[Payment, ...], order: Standing) -> None:
    whole = PostedInvoice(
        order.posted, order.business_partner, order.totals.total, order.totals.total
    )
    check_settles(payments, [whole], Money.zero(whole.total.currency))


async def _pay(
    run: Run, books: Books, order: Standing, payment: Payment, options: Options
) -> list[tuple[Posted, bool]]:
    """Return the down payment and what settled it, and whether each is new."""
    rules = await run.step("read company", books.rules)
    document = down_payment_for(payment, order, rules, options)
    asked = await run.write_once(
        f"post down payment {payment.ref}",
        find=lambda: books.find_document(document.kind, document.reference),
        write=lambda: post_in_period(books, document, options, books.post_document),
    )
    down = asked.value
    await run.links.link(
        payment.ref, Ref(run.target, down.kind, str(down.entry)), number=str(down.number)
    )
    booked = await run.step(f"read back {payment.ref}", lambda: books.totals_of(down))
    confirm(down, document, predicted_totals(document), booked, options)
    claim = PostedInvoice(down, order.business_partner, payment.amount, payment.amount)
    (share,) = shared_out([payment], [claim])
    methods = await run.crosswalk("payment_method")
    incoming = incoming_payment(payment, order.business_partner, share, methods, rules, options)
    paid = await post_incoming(run, books, incoming, options)
    return [(down, not asked.already_there), (paid.value, not paid.already_there)]


FLOW = Flow(
    name="payment-to-down-payment",
    on="order",
    source=PaymentSource,
    target=Books,
    body=payment_to_down_payment,
    options=Options,
)
