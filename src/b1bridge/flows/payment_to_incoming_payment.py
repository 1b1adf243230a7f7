"""The captured payments of an order settle its invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.down_payment_credits import gives_back_prepaid
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.payments import (
    Payment,
    PostedInvoice,
    Settled,
    check_settles,
    incoming_payment,
    shared_out,
)
from b1bridge.domain.periods import PeriodPolicy
from b1bridge.domain.rates import RatePolicy
from b1bridge.domain.standing import left_of
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.engine.run import Run
from b1bridge.ports.books import Books
from b1bridge.ports.shop import PaymentSource, RefundSource
from b1bridge.procedures.incoming_payments import KIND, post_incoming


@dataclass(frozen=True, kw_only=True)
class Options(RatePolicy, PeriodPolicy):
    """Accounts are in the payment_method crosswalk."""


async def payment_to_incoming_payment(
    run: Run, shop: PaymentSource, books: Books, options: Options
) -> Outcome:
    """Post every captured tender against the order's invoice, each once, on its own account."""
    payments = await run.step("read payments", lambda: shop.payments(run.ref))
    if not payments:
        return Outcome(Did.SKIPPED, "the shop has captured no payment for this order yet")
    captured = ", ".join(f"{payment.ref.id} {payment.amount}" for payment in payments)
    if captured == run.seen:
        run.saw(captured)
        links = [await run.links.linked(payment.ref, KIND) for payment in payments]
        posted = all(link and link.connection == run.target for link in links)
        did = Did.ALREADY_THERE if posted else Did.SKIPPED
        return Outcome(did, "nothing more was captured since the last run")
    invoices = await run.step("find invoices", lambda: _invoices_of(run.ref, books))
    if not invoices:
        why = "no invoice carries this order yet; the run that posts it brings its payments back"
        return Outcome(Did.SKIPPED, why)
    run.saw(captured)
    returned = await _given_back(run, shop, books, payments, invoices)
    check_settles(payments, invoices, returned)
    methods, rules = await run.crosswalk("payment_method"), await run.step("rules", books.rules)
    partner = invoices[0].business_partner
    booked = await _booked(run, books, payments, invoices)
    unbooked = [payment for payment in payments if payment.ref not in booked]
    shares = dict(zip((one.ref for one in unbooked), shared_out(unbooked, invoices), strict=True))
    if not returned and not all(shares.values()):
        shares |= await _of_whoever_paid(run, books, unbooked, shares, invoices)
    incoming = [
        incoming_payment(one, partner, shares.get(one.ref, ()), methods, rules, options)
        for one in payments
    ]
    written = [await post_incoming(run, books, payment, options) for payment in incoming]
    did = Did.ALREADY_THERE if all(w.already_there for w in written) else Did.POSTED
    return Outcome(did, "", tuple(w.value for w in written))


async def _invoices_of(order: Ref, books: Books) -> tuple[PostedInvoice, ...]:
    """Return the order's invoice and those of later additions to it, oldest first."""
    found = await books.standing(DocumentKind.INVOICE, str(order))
    return tuple(
        PostedInvoice(one.posted, one.business_partner, one.totals.total, left_of(one))
        for one in found
    )


async def _of_whoever_paid(
    run: Run,
    books: Books,
    payments: Sequence[Payment],
    shares: Mapping[Ref, tuple[Settled, ...]],
    invoices: Sequence[PostedInvoice],
) -> dict[Ref, tuple[Settled, ...]]:
    """Send a payment that finds nothing left to the invoice all the same, unless a memo closed it.

    Then somebody else has paid, SAP says so (9.5), and a person looks at it.
    """
    if await run.step("look for memos", lambda: _was_credited(run.ref, books)):
        return {}
    entry = invoices[0].posted.entry
    return {
        one.ref: (Settled(DocumentKind.INVOICE, entry, one.amount),)
        for one in payments
        if not shares[one.ref]
    }


async def _was_credited(order: Ref, books: Books) -> bool:
    return bool(await books.standing(DocumentKind.CREDIT_MEMO, str(order)))


async def _booked(
    run: Run, books: Books, payments: Sequence[Payment], invoices: Sequence[PostedInvoice]
) -> set[Ref]:
    """Return the payments whose share is settled already; none while nothing is."""
    if all(invoice.left == invoice.total for invoice in invoices):
        return set()

    async def look() -> list[Ref]:
        return [one.ref for one in payments if await books.find_payment(str(one.ref))]

    return set(await run.step("look for payments", look))


async def _given_back(
    run: Run,
    shop: PaymentSource,
    books: Books,
    payments: Sequence[Payment],
    invoices: Sequence[PostedInvoice],
) -> Money:
    """Ask what went back, or is to go back, where more was paid than the invoices come to."""
    currency = invoices[0].total.currency
    due = sum(invoice.total.amount for invoice in invoices)
    if sum(p.amount.amount for p in payments) <= due:
        return Money.zero(currency)
    credited = await run.step("read what was credited", lambda: _credited(run.ref, books, currency))
    if not isinstance(shop, RefundSource):
        return credited
    source = shop
    refunds = await run.step("read refunds", lambda: source.refunds(run.ref))
    returned = Money.sum((refund.returned for refund in refunds), currency)
    return max(returned, credited, key=lambda money: money.amount)


async def _credited(order: Ref, books: Books, currency: str) -> Money:
    """Return what memos gave back of what was paid in advance."""
    memos = await books.standing(DocumentKind.CREDIT_MEMO, str(order))
    given = (memo.totals.total for memo in memos if gives_back_prepaid(memo))
    return Money.sum(given, currency)


FLOW = Flow(
    name="payment-to-incoming-payment",
    on="order",
    source=PaymentSource,
    target=Books,
    body=payment_to_incoming_payment,
    options=Options,
)
