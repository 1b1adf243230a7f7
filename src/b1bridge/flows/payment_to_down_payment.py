"""Money that was captured before the invoice becomes a down payment, and settles it."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.down_payment_credits import Prepaid
from b1bridge.domain.down_payments import down_payment_for
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order, is_called_off
from b1bridge.domain.payments import (
    Payment,
    PostedInvoice,
    check_settles,
    incoming_payment,
    means_and_account,
    shared_out,
)
from b1bridge.domain.proof import confirm
from b1bridge.domain.standing import Standing
from b1bridge.domain.tax import predicted_totals
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run, Written
from b1bridge.ports.books import Books
from b1bridge.ports.shop import PaidOrderSource, RefundSource
from b1bridge.procedures.incoming_payments import post_incoming
from b1bridge.procedures.open_periods import post_in_period
from b1bridge.procedures.prepaid_orders import (
    PrepaidOptions,
    credit_beyond,
    is_given_up,
    read_prepaid,
)


@dataclass(frozen=True, kw_only=True)
class Options(PrepaidOptions):
    """What every sync of money paid in advance may declare."""


async def payment_to_down_payment(
    run: Run, shop: PaidOrderSource, books: Books, options: Options
) -> Outcome:
    """Post a down payment invoice and its payment for all that was captured, each once.

    What is too much once the order comes to less is credited.
    """
    payments = await run.step("read payments", lambda: shop.payments(run.ref))
    if not payments:
        return Outcome(Did.SKIPPED, "the shop has captured no payment for this order yet")
    invoiced = await run.step(
        "find invoice", lambda: books.find_document(DocumentKind.INVOICE, str(run.ref))
    )
    if invoiced:
        why = f"invoice {invoiced.number} carries this order: what is paid now settles it"
        return Outcome(Did.SKIPPED, why)
    order = await run.step("read order", lambda: shop.order(run.ref))
    entered = await run.step("find sales order", lambda: _order_of(run.ref, books))
    prepaid = await run.step("read prepaid", lambda: read_prepaid(books, order, payments))
    given_up = is_called_off(order)
    if entered is None and prepaid.down_payments:
        given_up = await is_given_up(run, shop, order)
    if entered is None and not (prepaid.down_payments and given_up):
        return Outcome(Did.SKIPPED, "no sales order carries this order yet")
    due = Money.zero(order.currency) if given_up else order.total
    posted: list[tuple[Posted, bool]] = []
    if entered is not None:
        posted = await _pay_all(run, shop, books, entered, payments, prepaid, due, options)
        prepaid = await run.step("read prepaid anew", lambda: read_prepaid(books, order, payments))
    rules = await run.step("read company", books.rules)
    memo = await credit_beyond(run, books, order, prepaid, due, rules, options)
    if memo is not None:
        posted.append((memo.value, not memo.already_there))
    did = Did.POSTED if any(is_new for _, is_new in posted) else Did.ALREADY_THERE
    return Outcome(did, _told(order, memo), tuple(document for document, _ in posted))


def _told(order: Order, memo: Written[Posted] | None) -> str:
    if memo is None:
        return ""
    number = memo.value.number
    return f"credit memo {number} gives back what was paid beyond order {order.number} as it is now"


async def _order_of(ref: Ref, books: Books) -> Standing | None:
    found = await books.standing(DocumentKind.SALES_ORDER, str(ref))
    return next((one for one in found if one.reference == str(ref)), None)


async def _pay_all(
    run: Run,
    shop: PaidOrderSource,
    books: Books,
    order: Standing,
    payments: tuple[Payment, ...],
    prepaid: Prepaid,
    due: Money,
    options: Options,
) -> list[tuple[Posted, bool]]:
    methods = await run.crosswalk("payment_method")
    for payment in payments:
        means_and_account(payment, methods)
    check_settles(payments, [_claim(order, prepaid, due)], await _returned(run, shop, due.currency))
    return [one for payment in payments for one in await _pay(run, books, order, payment, options)]


def _claim(order: Standing, prepaid: Prepaid, due: Money) -> PostedInvoice:
    """Return what payments may come to: what the order does, and what was given back of them."""
    total = due + prepaid.beyond(due) + prepaid.credited(due.currency)
    return PostedInvoice(order.posted, order.business_partner, total, total)


async def _returned(run: Run, shop: PaidOrderSource, currency: str) -> Money:
    """Ask what went back to the shopper, where the shop tells."""
    if not isinstance(shop, RefundSource):
        return Money.zero(currency)
    refunds = await run.step("read refunds", lambda: shop.refunds(run.ref))
    return Money.sum((refund.returned for refund in refunds), currency)


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
    source=PaidOrderSource,
    target=Books,
    body=payment_to_down_payment,
    options=Options,
)
