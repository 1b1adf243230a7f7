"""What a shopper owes for an order, and how much of a refund reduces it.

An order that was edited or cancelled already owes less, so that money given back for the same
reason must not be credited a second time. What is owed follows from what the shop says now,
never from the order in which we heard of it.
"""

from __future__ import annotations

from decimal import Decimal

from b1bridge.domain.money import Money


def credited_by_refunds(total: Money, received: Money, returned: Money) -> Money:
    """Return how much of the money that went back reduces what the order comes to.

    `total` is what the order comes to now, zero when it was cancelled; `received` is what was
    captured, `returned` what went back of it. An order of 119.00, paid and never edited, is
    credited whatever goes back; after an edit to 95.20 the 23.80 that go back credit nothing.
    """
    zero = Money.zero(total.currency)
    short = total - (received - returned)
    return min(max(short, zero, key=_amount), returned, key=_amount)


def owed(total: Money, received: Money, returned: Money) -> Money:
    """Return what invoices less credit memos of an order must come to."""
    return total - credited_by_refunds(total, received, returned)


def _amount(money: Money) -> Decimal:
    return money.amount
