"""Makes refunds, and lets their gateway answer (storefronts.md 1.5, orders.v3.yml).

Guesses: one under way bars the next ("one at a time per order"); a declined one lets the order's
status fall back.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .pricing import totals_of
from .records import ZERO, Order, Refund, RefundPayment, Transaction
from .refund_prices import (
    Asked,
    Quote,
    Refused,
    provider_of,
    quote,
    received,
    returned,
    took,
)
from .store import Store

REFUNDED, PARTIALLY_REFUNDED = 4, 14
# What store credit is booked as where the order itself was paid otherwise.
_CREDIT = "store_credit", "storecredit"


def make(
    store: Store,
    order: Order,
    asked: Asked,
    payments: Sequence[tuple[str, Decimal, bool]],
    *,
    settles: bool = True,
) -> Refund:
    """Refund by (provider, amount, offline); the gateway answers at once when it `settles`."""
    quoted = quote(store, order, asked)
    if any(is_pending(payment) for refund in order.refunds for payment in refund.payments):
        msg = "Another refund of this order is still under way"
        raise Refused(msg)
    if sum((amount for _, amount, _ in payments), ZERO) != quoted.amount:
        msg = f"The payments must come to the quoted amount of {quoted.amount}"
        raise Refused(msg)
    if not order.customer_id and any(provider == "storecredit" for provider, _, _ in payments):
        msg = "Unable to provide store credit for a guest customer."
        raise Refused(msg)
    refund = _filed(store, order, asked, quoted, payments)
    _after(store, order, refund)
    if settles:
        settle(store, order, refund)
    return refund


def settle(store: Store, order: Order, refund: Refund) -> None:
    """Let the gateway give the money back: each online payment gets its transaction."""
    for payment in refund.payments:
        if is_pending(payment):
            found = _transaction(store, order, payment)
            payment.transaction = found.id
            store.add_transaction(order, found)


def decline(store: Store, order: Order, refund: Refund, message: str) -> None:
    """Let the gateway refuse: the refund stays listed, its money never went back."""
    for payment in refund.payments:
        if is_pending(payment):
            payment.declined, payment.declined_message = True, message
            found = _transaction(store, order, payment)
            found.status = "error"
            payment.transaction = found.id
            store.add_transaction(order, found)
    if refund.is_declined:
        _set_status(store, order, refund.status_before)
    order.payment_status = _payment_status(order)
    store.touch(order, "store/order/updated")


def is_pending(payment: RefundPayment) -> bool:
    """Tell whether the gateway has still to answer."""
    return not (payment.offline or payment.declined or payment.transaction)


def _filed(
    store: Store,
    order: Order,
    asked: Asked,
    quoted: Quote,
    payments: Sequence[tuple[str, Decimal, bool]],
) -> Refund:
    filed = [RefundPayment(next(store.ids), *payment) for payment in payments]
    reason = next((item.reason for item in asked.items if item.reason), "")
    refund = Refund(
        next(store.refund_ids),
        order.id,
        store.clock(),
        quoted.amount,
        quoted.tax,
        list(asked.items),
        filed,
        order.status_id,
        reason,
        asked.override is not None,
    )
    order.refunds.append(refund)
    return refund


def _after(store: Store, order: Order, refund: Refund) -> None:
    """Tell the world; the goods stay where they are (storefronts.md 1.5: no restock)."""
    whole = returned(order) >= totals_of(order).total.inc_tax
    order.payment_status = _payment_status(order)
    store.touch(order, "store/order/refund/created", refund={"refund_id": refund.id})
    store.touch(order, "store/order/updated")
    _set_status(store, order, REFUNDED if whole else PARTIALLY_REFUNDED)


def _payment_status(order: Order) -> str:
    back = returned(order)
    if not back:
        return "captured"
    return "refunded" if back >= received(order) else "partially refunded"


def _set_status(store: Store, order: Order, status: int) -> None:
    if status != order.status_id:
        change = {"previous_status_id": order.status_id, "new_status_id": status}
        order.status_id = status
        store.touch(order, "store/order/statusUpdated", status=change)


def _transaction(store: Store, order: Order, payment: RefundPayment) -> Transaction:
    """Write the gateway's event down; that its amount is above zero is a guess."""
    taken = [t for t in order.transactions if took(t)]
    source = next((t for t in taken if provider_of(t.gateway) == payment.provider), None)
    number, moment = next(store.ids), store.clock()
    method, gateway = (source.method, source.gateway) if source else _CREDIT
    found = Transaction(number, "refund", method, gateway, payment.amount, order.currency, moment)
    found.gateway_transaction_id = f"re_{number}"
    found.reference = source.id if source else None
    return found
