"""An order that money went back for: what the shop says of it, and what the books hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from b1bridge.domain.claims import credited_by_refunds, owed
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order, is_called_off
from b1bridge.domain.payments import Payment, Settled
from b1bridge.domain.refunds import Refund
from b1bridge.domain.standing import Standing, base_reference, left_of
from b1bridge.errors import NeedsOperator


@dataclass(frozen=True, slots=True)
class RefundedSale:
    """`received` is what was captured; `changes` are memos of edits, `memos` those of refunds.

    `payments` tell when it was captured, where the shop tells them.
    `prepaid` are memos that give back what was paid in advance, beyond what the order comes to.
    `recharges` are invoices for what memos of refunds credited and need not any more.
    """

    order: Order
    received: Money
    refunds: tuple[Refund, ...]
    invoices: tuple[Standing, ...] = ()
    changes: tuple[Standing, ...] = ()
    memos: tuple[Standing, ...] = ()
    prepaid: tuple[Standing, ...] = ()
    recharges: tuple[Standing, ...] = ()
    payments: tuple[Payment, ...] = ()

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
    def to_credit(self) -> Money:
        """How much of the money that went back no memo credits yet, whatever the books hold."""
        credit = credited_by_refunds(self.charged, self.received, self.returned)
        return self._above_zero(credit - self._credited)

    @property
    def credited_by_edits(self) -> Money:
        """How much of the money that went back the order itself does not come to any more."""
        credit = credited_by_refunds(self.charged, self.received, self.returned)
        return self.returned - credit

    @property
    def owing(self) -> Money:
        """What invoices less memos must come to."""
        return owed(self.charged, self.received, self.returned)

    @property
    def left_to_credit(self) -> Money:
        """How much of that the documents hold beyond what is owed; nothing before the invoice.

        Of an order that was called off first and refunded afterwards they hold nothing any more.
        """
        beyond = self._above_zero(self._held - self.owing)
        return min(self.to_credit, beyond, key=lambda money: money.amount)

    @property
    def credited_too_much(self) -> Money:
        """How much less is owed by the documents than by the shop, for refunds credited it.

        Money that went back while part of the order was unpaid lowers what is owed; once that
        part is paid it does not (domain.claims). Nor does money that went back before an edit
        which comes to as much.
        """
        credit = credited_by_refunds(self.charged, self.received, self.returned)
        beyond = self._above_zero(self._credited - credit)
        short = self._above_zero(self.owing - self._held)
        return min(beyond, short, key=lambda money: money.amount)

    @property
    def is_settled(self) -> bool:
        """Whether invoices less memos already come to what is owed."""
        return bool(self.invoices) and self._held == self.owing

    @property
    def overpaid(self) -> Money:
        """What was captured above all that was invoiced, and not given back by a memo yet.

        What a memo took off an open invoice was never to be paid.
        """
        invoiced = _total(self.invoices, self.order) + _total(self.prepaid, self.order)
        taken_off = _total([memo for memo in self.changes if _is_drawn(memo)], self.order)
        return self._above_zero(self.received - (invoiced - taken_off))

    @property
    def business_partner(self) -> str:
        """Whose sale it is in the books."""
        return (*self.invoices, *self.prepaid)[0].business_partner

    @property
    def _held(self) -> Money:
        """What invoices less memos come to."""
        held = _total(self.invoices, self.order) - _total(self.changes, self.order)
        return held - self._credited

    @property
    def _credited(self) -> Money:
        return _total(self.memos, self.order) - _total(self.recharges, self.order)

    def _above_zero(self, money: Money) -> Money:
        return money if money.amount > 0 else Money.zero(self.order.currency)

    def received_by(self, moment: datetime) -> Money:
        """Return what was captured until then; all of it where no payments are known."""
        if not self.payments:
            return self.received
        until = (one.amount for one in self.payments if one.captured_at <= moment)
        return Money.sum(until, self.order.currency)

    def memo_of(self, refund: Ref) -> Standing | None:
        """Return the memo that credits a refund."""
        return next((memo for memo in self.memos if memo.reference == str(refund)), None)

    @property
    def correctable(self) -> Refund:
        """The refund that lends a correction its name: the last with a memo, else the last."""
        given = [one for one in self.refunds if one.returned]
        named = {base_reference(memo.reference) for memo in self.memos}
        return next((one for one in reversed(given) if str(one.ref) in named), given[-1])

    def with_memo(self, memo: Standing) -> RefundedSale:
        """Add what was posted since the books were read."""
        return replace(self, memos=(*self.memos, memo))

    def with_recharge(self, invoice: Standing) -> RefundedSale:
        """Add what was charged again since the books were read."""
        return replace(self, recharges=(*self.recharges, invoice))

    def with_paid(self, settled: Sequence[Settled]) -> RefundedSale:
        """Take off what was paid out since the books were read."""
        return replace(
            self,
            changes=_paid(self.changes, settled),
            memos=_paid(self.memos, settled),
            prepaid=_paid(self.prepaid, settled),
        )

    def to_pay_out(self, refund: Ref) -> tuple[Standing, ...]:
        """Return the memos with credit left, the refund's own one first."""
        own = self.memo_of(refund)
        others = (memo for memo in (*self.changes, *self.prepaid, *self.memos) if memo is not own)
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


def _is_drawn(memo: Standing) -> bool:
    return any(row.base and row.base.kind is DocumentKind.INVOICE for row in memo.rows)


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
