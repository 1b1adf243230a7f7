"""Down payments of an order that comes to less by now: a memo gives back what is too much.

The order comes to less, or to nothing once it is called off: credit the down payment
(correctness-rules 3.14). 119.00 paid in advance of an order that comes to 95.20 are credited 23.80.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from b1bridge.domain.customers import Address
from b1bridge.domain.documents import (
    BaseRow,
    DocumentKind,
    DocumentLine,
    Expense,
    SalesDocument,
)
from b1bridge.domain.money import Money, rounded
from b1bridge.domain.orders import Order
from b1bridge.domain.standing import Standing

# SAP keeps quantities with up to six decimals.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Prepaid:
    """The down payments of one order, oldest first, and the memos that gave some of it back."""

    down_payments: tuple[Standing, ...]
    memos: tuple[Standing, ...] = ()

    def total(self, currency: str) -> Money:
        """Return what all down payments come to."""
        return Money.sum((one.totals.total for one in self.down_payments), currency)

    def credited(self, currency: str) -> Money:
        """Return what memos gave back of them."""
        return Money.sum((one.totals.total for one in self.memos), currency)

    def beyond(self, due: Money) -> Money:
        """Return how much more is left of them than the order comes to; never below zero."""
        left = self.total(due.currency) - self.credited(due.currency)
        return _most(left - due, Money.zero(due.currency))

    def unpaid(self) -> Standing | None:
        """Return one that was posted and waits for its payment."""
        waits = (one for one in self.down_payments if one.is_open and one.paid < one.totals.total)
        return next(waits, None)

    def left_to_draw(self) -> tuple[Standing, ...]:
        """Return the down payments with what was given back taken off what was paid."""
        if not self.memos:
            return self.down_payments
        gone = _shares(self.credited(self.memos[0].totals.total.currency), self.down_payments)
        return tuple(replace(one, paid=one.paid - part) for one, part in gone)


def gives_back_prepaid(memo: Standing) -> bool:
    """Tell whether a memo gives back money paid in advance, which takes nothing off an invoice."""
    return any(row.base and row.base.kind is DocumentKind.DOWN_PAYMENT for row in memo.rows)


def down_payment_memo(
    order: Order, prepaid: Prepaid, amount: Money, reference: str, day: date, *, tax_by_row: bool
) -> SalesDocument:
    """Credit an amount on the oldest down payments of which earlier memos have left something."""
    shares = list(_still(amount, prepaid))
    return SalesDocument(
        kind=DocumentKind.CREDIT_MEMO,
        reference=reference,
        business_partner=prepaid.down_payments[0].business_partner,
        posted_on=day,
        due_on=day,
        currency=amount.currency,
        gross=True,
        lines=tuple(line for one, share in shares for line in _lines(one, share)),
        expenses=tuple(cost for one, share in shares for cost in _expenses(one, share)),
        rounding=Money.zero(amount.currency),
        ship_to=Address(),
        bill_to=Address(),
        comments=f"Order {order.number} comes to less than was paid in advance",
        tax_by_row=tax_by_row,
    )


def _still(amount: Money, prepaid: Prepaid) -> Iterator[tuple[Standing, Money]]:
    """Share an amount out to what earlier memos left of the down payments."""
    gone = _shares(prepaid.credited(amount.currency), prepaid.down_payments)
    for one, already in gone:
        share = _least(amount, one.totals.total - already)
        amount -= share
        if share:
            yield one, share


def _shares(amount: Money, documents: Iterable[Standing]) -> Iterator[tuple[Standing, Money]]:
    for one in documents:
        share = _least(amount, one.totals.total)
        amount -= share
        yield one, share


def _least(one: Money, other: Money) -> Money:
    return min(one, other, key=lambda money: money.amount)


def _most(one: Money, other: Money) -> Money:
    return max(one, other, key=lambda money: money.amount)


def _split(one: Standing, share: Money) -> Sequence[Money]:
    weights = [row.gross.amount for row in one.rows]
    return share.split([*weights, *((cost.net + cost.tax).amount for cost in one.expenses)])


def _lines(one: Standing, share: Money) -> Iterator[DocumentLine]:
    for row, part in zip(one.rows, _split(one, share), strict=False):
        if part:
            drawn: Decimal = row.quantity * part.amount / row.gross.amount
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
