"""Money that a shopper paid, and the incoming payment it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from b1bridge.domain.documents import CompanyRules
from b1bridge.domain.identity import Crosswalk, Posted, Ref
from b1bridge.domain.money import Money
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


@dataclass(frozen=True, slots=True)
class IncomingPayment:
    """A payment to be posted against one invoice."""

    reference: str
    business_partner: str
    invoice_entry: int
    account: str
    means: Means
    amount: Money
    posted_on: date
    gateway_reference: str
    remarks: str


@dataclass(frozen=True, slots=True)
class PostedInvoice:
    """The invoice that payments settle, as the books hold it."""

    posted: Posted
    business_partner: str
    total: Money


def incoming_payment(
    payment: Payment, invoice: PostedInvoice, methods: Crosswalk, rules: CompanyRules
) -> IncomingPayment:
    """Write a payment as the books will keep it, on the account of its method."""
    means, account = means_and_account(payment, methods)
    return IncomingPayment(
        reference=str(payment.ref),
        business_partner=invoice.business_partner,
        invoice_entry=invoice.posted.entry,
        account=account,
        means=means,
        amount=payment.amount,
        posted_on=rules.day_of(payment.captured_at),
        gateway_reference=payment.gateway_reference,
        remarks=f"Order {payment.order.id}, {payment.method}",
    )


def means_and_account(payment: Payment, methods: Crosswalk) -> tuple[Means, str]:
    """Read "transfer:1020" or "cash:1010"; every gateway, card and voucher has its own entry."""
    entry = methods.get(payment.method, record=f"{payment.ref}")
    means, _, account = entry.partition(":")
    if means in set(Means) and account.strip():
        return Means(means), account.strip()
    msg = f"{payment.ref}: '{payment.method}' is '{entry}' in the {methods.name} crosswalk"
    fix = f"enter 'transfer:ACCOUNT' or 'cash:ACCOUNT' for '{payment.method}', then retry the case"
    raise Unmapped(msg, reason="PAYMENT_METHOD_MAP", fix=fix)


def check_settles(payments: Sequence[Payment], invoice: PostedInvoice) -> None:
    """Raise NeedsOperator unless the tenders are in the invoice's currency and within its total."""
    for payment in payments:
        if payment.amount.currency != invoice.total.currency:
            number = invoice.posted.number
            msg = f"{payment.ref} is {payment.amount}, invoice {number} is {invoice.total}"
            fix = "post this payment by hand with its rate, then ignore the case with that reason"
            raise NeedsOperator(msg, reason="CURRENCY", fix=fix)
    paid = Money.sum((payment.amount for payment in payments), invoice.total.currency)
    if paid > invoice.total:
        msg = (
            f"{payments[0].order} was paid {paid}, "
            f"invoice {invoice.posted.number} comes to {invoice.total}"
        )
        fix = "refund the excess in the shop, or book it by hand, then retry or ignore the case"
        raise NeedsOperator(msg, reason="OVERPAID", fix=fix)
