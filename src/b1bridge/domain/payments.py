"""Money that a shopper paid, and the incoming payment it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.documents import CompanyRules, DocumentKind
from b1bridge.domain.identity import Crosswalk, Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.rates import RatePolicy, ShopRate, rate_of
from b1bridge.errors import NeedsOperator, Unmapped


class Means(StrEnum):
    """How an incoming payment reaches us, in the books' words."""

    TRANSFER = "transfer"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class Payment:
    """One transaction that moved money to us; authorisations and failures are not payments."""

    ref: Ref
    order: Ref
    method: str
    amount: Money
    captured_at: datetime
    gateway_reference: str = ""
    rate: ShopRate | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How much of which document a payment settles."""

    kind: DocumentKind
    entry: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PartnerPayment:
    """A payment to be posted; what `settles` does not take stays on the partner's account.

    `taxed_on` is the day of the payment, where it is posted on another.
    """

    reference: str
    business_partner: str
    account: str
    means: Means
    amount: Money
    posted_on: date
    gateway_reference: str
    remarks: str
    settles: tuple[Settled, ...] = ()
    taxed_on: date | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class IncomingPayment(PartnerPayment):
    """Money that came from a shopper."""


@dataclass(frozen=True, slots=True)
class PostedInvoice:
    """The invoice or down payment that payments settle; `left` is what nothing has settled yet."""

    posted: Posted
    business_partner: str
    total: Money
    left: Money


def incoming_payment(
    payment: Payment,
    business_partner: str,
    settles: tuple[Settled, ...],
    methods: Crosswalk,
    rules: CompanyRules,
    policy: RatePolicy,
) -> IncomingPayment:
    """Write a payment as the books will keep it, on the account of its method."""
    means, account = means_and_account(payment, methods)
    return IncomingPayment(
        reference=str(payment.ref),
        business_partner=business_partner,
        account=account,
        means=means,
        amount=payment.amount,
        posted_on=rules.day_of(payment.captured_at),
        gateway_reference=payment.gateway_reference,
        remarks=f"Order {payment.order.id}, {payment.method}",
        settles=settles,
        rate=rate_of(f"{payment.ref}", payment.amount.currency, payment.rate, rules, policy),
    )


def shared_out(
    payments: Sequence[Payment], invoices: Sequence[PostedInvoice]
) -> list[tuple[Settled, ...]]:
    """Let each payment, the oldest first, settle what earlier ones left of the oldest invoices.

    What finds nothing left stays on the partner's account, where memos of the order are.
    """
    left = [(invoice, invoice.left) for invoice in invoices]
    shares: list[tuple[Settled, ...]] = []
    for payment in payments:
        share, left = _share(payment.amount, left)
        shares.append(share)
    return shares


def _share(
    amount: Money, left: list[tuple[PostedInvoice, Money]]
) -> tuple[tuple[Settled, ...], list[tuple[PostedInvoice, Money]]]:
    settled: list[Settled] = []
    after: list[tuple[PostedInvoice, Money]] = []
    for invoice, due in left:
        part = min(amount, due, key=lambda money: money.amount)
        if part:
            kind = DocumentKind(invoice.posted.kind)
            settled.append(Settled(kind, invoice.posted.entry, part))
        amount -= part
        after.append((invoice, due - part))
    return tuple(settled), after


def means_and_account(payment: Payment, methods: Crosswalk) -> tuple[Means, str]:
    """Read "transfer:1020" or "cash:1010"; every gateway, card and voucher has its own entry."""
    entry = methods.get(payment.method, record=f"{payment.ref}")
    means, _, account = entry.partition(":")
    if means in set(Means) and account.strip():
        return Means(means), account.strip()
    msg = f"{payment.ref}: '{payment.method}' is '{entry}' in the {methods.name} crosswalk"
    fix = f"enter 'transfer:ACCOUNT' or 'cash:ACCOUNT' for '{payment.method}', then retry the case"
    raise Unmapped(msg, reason="PAYMENT_METHOD_MAP", fix=fix)


def check_settles(
    payments: Sequence[Payment], invoices: Sequence[PostedInvoice], returned: Money
) -> None:
    """Raise NeedsOperator unless tenders are in the invoices' currency and within their totals.

    Money that went back to the shopper meanwhile may have been more than the invoices came to.
    """
    numbers = ", ".join(str(invoice.posted.number) for invoice in invoices)
    total = Money.sum((invoice.total for invoice in invoices), returned.currency)
    named = f"{invoices[0].posted.kind} {numbers}"
    for payment in payments:
        if payment.amount.currency != total.currency:
            msg = f"{payment.ref} is {payment.amount}, {named} is {total}"
            fix = "post this payment by hand with its rate, then ignore the case with that reason"
            raise NeedsOperator(msg, reason="CURRENCY", fix=fix)
    paid = Money.sum((payment.amount for payment in payments), total.currency)
    if paid - returned > total:
        back = f" and {returned} of it went back" if returned else ""
        msg = f"{payments[0].order} was paid {paid}{back}, {named} comes to {total}"
        fix = "refund the excess in the shop, or book it by hand, then retry or ignore the case"
        raise NeedsOperator(msg, reason="OVERPAID", fix=fix)


def check_given_back(order: Ref, received: Money, kept: Money) -> None:
    """Raise NeedsOperator when money is kept for an order that was called off unposted."""
    if kept.amount <= 0:
        return
    msg = f"{order} was called off; of the {received} captured for it {kept} never went back"
    fix = (
        f"refund {kept} in the shop, then retry the case; or book the money by hand and ignore "
        "the case with that document as the reason"
    )
    raise NeedsOperator(msg, reason="PAID_BUT_CANCELLED", fix=fix)
