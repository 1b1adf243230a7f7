"""Money given back to a shopper, and the outgoing payment it becomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from b1bridge.domain.money import Money
from b1bridge.domain.payments import Means, Settled
from b1bridge.domain.standing import Standing, left_of


@dataclass(frozen=True, slots=True)
class OutgoingPayment:
    """A payment to a business partner; what `settles` does not take stays on their account."""

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


def settled_by(amount: Money, memos: Iterable[Standing]) -> tuple[Settled, ...]:
    """Share an amount out over what is open of these memos, in their order."""
    settled: list[Settled] = []
    left = amount
    for memo in memos:
        part = min(left, left_of(memo), key=lambda money: money.amount)
        if part:
            settled.append(Settled(memo.kind, memo.posted.entry, part))
            left -= part
    return tuple(settled)
