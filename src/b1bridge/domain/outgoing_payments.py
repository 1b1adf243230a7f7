"""Money given back to a shopper, and the outgoing payment it becomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from b1bridge.domain.money import Money
from b1bridge.domain.payments import PartnerPayment, Settled
from b1bridge.domain.standing import Standing, left_of


@dataclass(frozen=True, slots=True)
class OutgoingPayment(PartnerPayment):
    """Money that goes back to a shopper, against what is open of credit memos."""


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
