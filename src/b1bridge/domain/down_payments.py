"""Money paid before goods: a down payment invoice for each payment, drawn by the invoice later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from b1bridge.domain.customers import Address
from b1bridge.domain.documents import (
    CompanyRules,
    DocumentKind,
    DocumentLine,
    Drawing,
    Expense,
    SalesDocument,
)
from b1bridge.domain.money import Money
from b1bridge.domain.payments import Payment
from b1bridge.domain.rates import RatePolicy, rate_of
from b1bridge.domain.standing import Standing, StandingExpense, StandingRow


def down_payment_for(
    payment: Payment, order: Standing, rules: CompanyRules, policy: RatePolicy
) -> SalesDocument:
    """Ask for exactly what was paid, spread over what the sales order sells, tax by tax.

    Rows are gross, so that the down payment comes to the payment to the cent; the tax of what is
    paid in advance is due at once (correctness-rules 3.14), and the invoice books it back.
    """
    rows = [row for row in order.rows if row.gross]
    freight = [one for one in order.expenses if one.net]
    weights = [row.gross.amount for row in rows]
    weights += [(one.net + one.tax).amount for one in freight]
    shares = payment.amount.split(weights)
    posted_on = rules.day_of(payment.captured_at)
    return SalesDocument(
        kind=DocumentKind.DOWN_PAYMENT,
        reference=str(payment.ref),
        business_partner=order.business_partner,
        posted_on=posted_on,
        due_on=posted_on,
        currency=payment.amount.currency,
        gross=True,
        lines=tuple(_line(row, share) for row, share in zip(rows, shares, strict=False)),
        expenses=tuple(
            _expense(one, share) for one, share in zip(freight, shares[len(rows) :], strict=True)
        ),
        rounding=Money.zero(payment.amount.currency),
        ship_to=Address(),
        bill_to=Address(),
        comments=f"Order {payment.order.id}, paid in advance by {payment.method}",
        tax_by_row=rules.tax_by_row,
        rate=rate_of(f"{payment.ref}", payment.amount.currency, payment.rate, rules, policy),
    )


def drawing(invoice: SalesDocument, total: Money, paid: Iterable[Standing]) -> SalesDocument:
    """Draw what was paid in advance, oldest first, up to what the invoice comes to."""
    draws: list[Drawing] = []
    for one in paid:
        part = min(one.paid, total, key=lambda money: money.amount)
        if part.amount > 0:
            draws.append(Drawing(one.posted.entry, part))
            total -= part
    return replace(invoice, draws=tuple(draws))


def _line(row: StandingRow, share: Money) -> DocumentLine:
    return DocumentLine(
        item=row.item,
        description=row.description,
        quantity=row.quantity or Decimal(1),
        amount=share,
        tax_code=row.tax_code,
        tax_rate=row.tax_rate,
        warehouse=row.warehouse,
        account=row.account if not row.item else "",
    )


def _expense(one: StandingExpense, share: Money) -> Expense:
    return Expense(one.code, share, one.tax_code, one.tax_rate, one.remarks)
