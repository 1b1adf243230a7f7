"""Pays a refund out: each payment back once, against the credit that is open for the order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from b1bridge.domain.documents import CompanyRules
from b1bridge.domain.identity import Crosswalk, Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.outgoing_payments import OutgoingPayment, settled_by
from b1bridge.domain.payments import Payment, means_and_account
from b1bridge.domain.periods import PeriodPolicy
from b1bridge.domain.rates import RatePolicy, rate_of
from b1bridge.domain.refunded_sales import RefundedSale
from b1bridge.domain.refunds import MoneyBack, MoneyState, Refund
from b1bridge.domain.standing import left_of
from b1bridge.engine.run import Run, Written
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import Books
from b1bridge.procedures.open_periods import post_in_period

KIND = "outgoing payment"


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """What payments are written with: accounts, the company's days, whose exchange rate."""

    methods: Crosswalk
    rules: CompanyRules
    rates: RatePolicy


def outgoing_payments(
    sale: RefundedSale, refund: Refund, terms: PaymentTerms
) -> list[OutgoingPayment]:
    """Write what the gateway sent back, each on the account of its method, nothing settled yet."""
    return [_written(reference, back, sale, refund, terms) for reference, back in _sent(refund)]


def settling_for(
    payment: OutgoingPayment, refund: Refund, sale: RefundedSale
) -> OutgoingPayment | None:
    """Say which memos a payment settles, the refund's own first; None while one is to come.

    What no memo takes stays on the partner's account as far as more was captured than invoiced.
    Raises NeedsOperator (ALREADY_PAID) when something else has settled the memos.
    """
    memos = sale.to_pay_out(refund.ref)
    settled = settled_by(payment.amount, memos)
    currency = payment.amount.currency
    beyond = payment.amount - Money.sum((one.amount for one in settled), currency)
    if beyond and not sale.is_settled:
        return None
    if beyond > sale.overpaid:
        left = Money.sum((left_of(memo) for memo in memos), currency)
        raise _settled_elsewhere(payment, left)
    return replace(payment, settles=settled)


async def post_payout(
    run: Run, books: Books, refund: Refund, payment: OutgoingPayment, policy: PeriodPolicy
) -> Written[Posted]:
    """Post once, and link the refund to it."""
    written = await run.write_once(
        f"pay out {payment.reference}",
        find=lambda: books.find_outgoing(payment.reference),
        write=lambda: post_in_period(books, payment, policy, books.post_outgoing),
    )
    other = Ref(run.target, KIND, str(written.value.entry))
    await run.links.link(refund.ref, other, number=str(written.value.number))
    return written


def _sent(refund: Refund) -> Iterator[tuple[str, MoneyBack]]:
    """Yield what was sent with its reference; every payment is counted, so no number moves."""
    for number, back in enumerate(refund.payments, start=1):
        if back.state is MoneyState.SETTLED and back.amount:
            yield f"{refund.ref}/{number}" if number > 1 else str(refund.ref), back


def _written(
    reference: str, back: MoneyBack, sale: RefundedSale, refund: Refund, terms: PaymentTerms
) -> OutgoingPayment:
    paid = Payment(Ref.parse(reference), refund.order, back.method, back.amount, refund.made_at)
    means, account = means_and_account(paid, terms.methods)
    order = sale.order
    return OutgoingPayment(
        reference=reference,
        business_partner=sale.business_partner,
        account=account,
        means=means,
        amount=back.amount,
        posted_on=terms.rules.day_of(refund.made_at),
        gateway_reference=back.gateway_reference,
        remarks=f"Refund of order {order.number}, {back.method}",
        rate=rate_of(reference, back.amount.currency, order.rate, terms.rules, terms.rates),
    )


def _settled_elsewhere(payment: OutgoingPayment, left: Money) -> NeedsOperator:
    msg = f"{payment.reference} paid back {payment.amount}, the order's credit memos leave {left}"
    fix = (
        f"begin the remarks of the outgoing payment that settled them with {payment.reference} and "
        "retry the case, or ignore the case with that payment as the reason"
    )
    return NeedsOperator(msg, reason="ALREADY_PAID", fix=fix)
