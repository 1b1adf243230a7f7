"""A credit memo on the down payments of an order that was called off before its invoice.

Down payment taken, order cancelled: credit the down payment, pay the money back
(correctness-rules 3.14).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from b1bridge.domain.customers import Address
from b1bridge.domain.documents import (
    BaseRow,
    CompanyRules,
    DocumentKind,
    DocumentLine,
    Expense,
    SalesDocument,
)
from b1bridge.domain.money import Money, rounded
from b1bridge.domain.refunds import Refund
from b1bridge.domain.standing import Standing

# SAP keeps quantities with up to six decimals.
_DECIMALS = 6


def down_payment_memo(
    refund: Refund, down_payments: Sequence[Standing], credited: Money, rules: CompanyRules
) -> SalesDocument:
    """Credit what went back on the oldest down payments that `credited` has left something of."""
    posted_on = rules.day_of(refund.made_at)
    shares = list(_shares(refund.returned, down_payments, credited))
    return SalesDocument(
        kind=DocumentKind.CREDIT_MEMO,
        reference=str(refund.ref),
        business_partner=down_payments[0].business_partner,
        posted_on=posted_on,
        due_on=posted_on,
        currency=refund.returned.currency,
        gross=True,
        lines=tuple(line for one, share in shares for line in _lines(one, share)),
        expenses=tuple(cost for one, share in shares for cost in _expenses(one, share)),
        rounding=Money.zero(refund.returned.currency),
        ship_to=Address(),
        bill_to=Address(),
        comments=f"Order {refund.order.id} was called off. {refund.reason}".rstrip(),
        tax_by_row=rules.tax_by_row,
    )


def _shares(
    amount: Money, down_payments: Sequence[Standing], credited: Money
) -> Iterator[tuple[Standing, Money]]:
    for one in down_payments:
        before = _least(credited, one.totals.total)
        credited -= before
        share = _least(amount, one.totals.total - before)
        amount -= share
        if share:
            yield one, share


def _least(one: Money, other: Money) -> Money:
    return min(one, other, key=lambda money: money.amount)


def _split(one: Standing, share: Money) -> list[Money]:
    weights = [row.gross.amount for row in one.rows]
    return share.split([*weights, *((cost.net + cost.tax).amount for cost in one.expenses)])


def _lines(one: Standing, share: Money) -> Iterator[DocumentLine]:
    for row, part in zip(one.rows, _split(one, share), strict=False):
        if part:
            drawn = row.quantity * part.amount / row.gross.amount
            yield DocumentLine(
                item=row.item,
                description=row.description,
                quantity=rounded(min(drawn, row.quantity), _DECIMALS),
                amount=part,
                tax_code=row.tax_code,
                tax_rate=row.tax_rate,
                warehouse=row.warehouse,
                base=BaseRow(DocumentKind.DOWN_PAYMENT, one.posted.entry, row.number),
            )


def _expenses(one: Standing, share: Money) -> Iterator[Expense]:
    parts = _split(one, share)[len(one.rows) :]
    for cost, part in zip(one.expenses, parts, strict=True):
        if part:
            yield Expense(cost.code, part, cost.tax_code, cost.tax_rate, cost.remarks)
