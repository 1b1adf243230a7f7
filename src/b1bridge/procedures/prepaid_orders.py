"""Reads what was paid in advance for an order, and gives back what is too much by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from b1bridge.domain.claims import owed
from b1bridge.domain.documents import CompanyRules, DocumentKind, SalesDocument
from b1bridge.domain.down_payment_credits import Prepaid, down_payment_memo, gives_back_prepaid
from b1bridge.domain.identity import Posted
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order, is_called_off
from b1bridge.domain.payments import Payment
from b1bridge.domain.periods import PeriodPolicy
from b1bridge.domain.proof import Tolerance, confirm, proved
from b1bridge.domain.rates import RatePolicy, rate_of
from b1bridge.domain.standing import revision
from b1bridge.domain.tax import predicted_totals
from b1bridge.engine.run import Run, Written
from b1bridge.ports.books import Books
from b1bridge.ports.shop import OrderSource, PaymentSource, RefundSource
from b1bridge.procedures.changes import link_change, next_revision
from b1bridge.procedures.open_periods import post_in_period


@dataclass(frozen=True, kw_only=True)
class PrepaidOptions(Tolerance, RatePolicy, PeriodPolicy):
    """How far tax may be rounded another way; accounts are in the payment_method crosswalk."""


async def read_prepaid(books: Books, order: Order, payments: Sequence[Payment]) -> Prepaid:
    """Return the down payments of these payments, and the memos on them."""
    found = [await books.standing(DocumentKind.DOWN_PAYMENT, str(one.ref)) for one in payments]
    down = tuple(one for some in found for one in some)
    if not down:
        return Prepaid(())
    memos = await books.standing(DocumentKind.CREDIT_MEMO, str(order.ref))
    return Prepaid(down, tuple(memo for memo in memos if gives_back_prepaid(memo)))


async def is_given_up(run: Run, shop: OrderSource, order: Order) -> bool:
    """Tell whether an order is called off, or all its money went back so that nothing is owed.

    Shops call an order refunded that was cancelled before.
    """
    if is_called_off(order):
        return True
    if not isinstance(shop, PaymentSource) or not isinstance(shop, RefundSource):
        return False
    till, returns = shop, shop
    payments = await run.step("read its payments", lambda: till.payments(order.ref))
    refunds = await run.step("read its refunds", lambda: returns.refunds(order.ref))
    received = Money.sum((payment.amount for payment in payments), order.currency)
    returned = Money.sum((refund.returned for refund in refunds), order.currency)
    return bool(returned) and not owed(order.total, received, returned)


async def credit_beyond(
    run: Run,
    books: Books,
    order: Order,
    prepaid: Prepaid,
    due: Money,
    rules: CompanyRules,
    options: PrepaidOptions,
) -> Written[Posted] | None:
    """Credit what was paid in advance beyond what the order comes to; None when nothing was."""
    beyond = prepaid.beyond(due)
    if not beyond:
        return None
    memo = _memo(order, prepaid, beyond, rules, options)
    charged = replace(predicted_totals(memo), total=beyond)
    document = proved(memo, charged, options).document
    written = await run.write_once(
        f"post {document.kind} {document.reference}",
        find=lambda: books.find_document(document.kind, document.reference),
        write=lambda: post_in_period(books, document, options, books.post_document),
    )
    await link_change(run, order, document.reference, written.value)
    booked = await run.step("read back memo", lambda: books.totals_of(written.value))
    confirm(written.value, document, charged, booked, options)
    return written


def _memo(
    order: Order, prepaid: Prepaid, beyond: Money, rules: CompanyRules, options: PrepaidOptions
) -> SalesDocument:
    """Write the memo with the number of a change, dated no earlier than what it gives back."""
    reference = revision(str(order.ref), next_revision(prepaid.memos))
    changed = rules.day_of(order.modified_at)
    day = max(changed, *(one.posted_on for one in prepaid.down_payments))
    by_row = rules.tax_by_row
    memo = down_payment_memo(order, prepaid, beyond, reference, day, tax_by_row=by_row)
    rate = rate_of(reference, beyond.currency, order.rate, rules, options)
    return replace(memo, rate=rate)
