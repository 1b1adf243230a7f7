"""An order that money went back for: what the shop says of it, and what the books hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from b1bridge.domain.claims import credited_by_refunds, owed
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order, is_called_off
from b1bridge.domain.payments import Settled
from b1bridge.domain.refunds import Refund
from b1bridge.domain.standing import Standing, left_of
from b1bridge.errors import NeedsOperator


@dataclass(frozen=True, slots=True)
class RefundedSale:
    """`received` is what was captured; `changes` are memos of edits, `memos` those of refunds.

    `down_payments` are those of an order that was called off before its invoice.
    """

    order: Order
    received: Money
    refunds: tuple[Refund, ...]
    invoices: tuple[Standing, ...] = ()
    changes: tuple[Standing, ...] = ()
    memos: tuple[Standing, ...] = ()
    down_payments: tuple[Standing, ...] = ()

    @property
    def charged(self) -> Money:
        """What the order comes to now; nothing once it is cancelled."""
        nothing = Money.zero(self.order.currency)
        return nothing if is_called_off(self.order) else self.order.total

    @property
    def returned(self) -> Money:
        """What went back altogether."""
        return Money.sum((refund.returned for refund in self.refunds), self.order.currency)

    @property
    def left_to_credit(self) -> Money:
        """How much of the money that went back no memo of a refund credits yet."""
        credit = credited_by_refunds(self.charged, self.received, self.returned)
        left = credit - _total(self.memos, self.order)
        return left if left.amount > 0 else Money.zero(self.order.currency)

    @property
    def is_settled(self) -> bool:
        """Whether invoices less memos already come to what is owed."""
        if self.down_payments:
            return False
        held = _total(self.invoices, self.order) - _total(self.changes, self.order)
        held -= _total(self.memos, self.order)
        return held == owed(self.charged, self.received, self.returned)

    @property
    def overpaid(self) -> Money:
        """What was captured above all that was invoiced."""
        over = self.received - _total(self.invoices, self.order)
        return over if over.amount > 0 else Money.zero(self.order.currency)

    @property
    def business_partner(self) -> str:
        """Whose sale it is in the books."""
        return (*self.invoices, *self.down_payments)[0].business_partner

    @property
    def credited(self) -> Money:
        """What memos of refunds come to."""
        return _total(self.memos, self.order)

    def memo_of(self, refund: Ref) -> Standing | None:
        """Return the memo that credits a refund."""
        return next((memo for memo in self.memos if memo.reference == str(refund)), None)

    def with_memo(self, memo: Standing) -> RefundedSale:
        """Add what was posted since the books were read."""
        return replace(self, memos=(*self.memos, memo))

    def with_paid(self, settled: Sequence[Settled]) -> RefundedSale:
        """Take off what was paid out since the books were read."""
        return replace(self, changes=_paid(self.changes, settled), memos=_paid(self.memos, settled))

    def to_pay_out(self, refund: Ref) -> tuple[Standing, ...]:
        """Return the memos with credit left, the refund's own one first."""
        own = self.memo_of(refund)
        others = (memo for memo in (*self.changes, *self.memos) if memo is not own)
        memos = (*((own,) if own else ()), *others)
        return tuple(memo for memo in memos if left_of(memo))


def check_refundable(order: Order, received: Money, refunds: Sequence[Refund]) -> None:
    """Raise NeedsOperator when more went back than ever came in, or in another currency."""
    for refund in refunds:
        if refund.total.currency != order.currency:
            msg = f"{refund.ref} gave back {refund.total}, its order is in {order.currency}"
            fix = "post this refund by hand with its rate, then ignore the case with that reason"
            raise NeedsOperator(msg, reason="CURRENCY", fix=fix)
    returned = Money.sum((refund.returned for refund in refunds), order.currency)
    most = max(order.total, received, key=lambda money: money.amount)
    if returned > most:
        msg = (
            f"{order.ref}: {returned} went back in {len(refunds)} refunds; order {order.number} "
            f"came to {order.total}, and {received} were captured"
        )
        fix = (
            "find out which refund is wrong and correct it in the shop, then retry the case; or "
            "post what went back by hand and ignore the case with that as the reason"
        )
        raise NeedsOperator(msg, reason="REFUND_TOO_LARGE", fix=fix)


def check_still_refunded(refund: Refund, memo: Standing) -> None:
    """Raise NeedsOperator (REFUND_CHANGED) when a memo credits more than went back."""
    credit = memo.totals.total
    if credit > refund.returned:
        number = memo.posted.number
        msg = f"{refund.ref} gave back {refund.returned}, credit memo {number} is {credit}"
        fix = f"cancel credit memo {number} in the books, then retry the case"
        raise NeedsOperator(msg, reason="REFUND_CHANGED", fix=fix)


def _total(documents: Sequence[Standing], order: Order) -> Money:
    return Money.sum((one.totals.total for one in documents), order.currency)


def _paid(memos: Sequence[Standing], settled: Sequence[Settled]) -> tuple[Standing, ...]:
    paid = {one.entry: one.amount for one in settled}
    return tuple(
        replace(memo, paid=memo.paid + paid[memo.posted.entry])
        if memo.posted.entry in paid
        else memo
        for memo in memos
    )
