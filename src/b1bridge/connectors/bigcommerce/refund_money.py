"""How the money of a refund went back, and whether the gateway has confirmed it; pure."""

from __future__ import annotations

from collections.abc import Sequence

from b1bridge.connectors.bigcommerce.payments import method_of
from b1bridge.connectors.bigcommerce.translate import GIFT_CERTIFICATE, STORE_CREDIT
from b1bridge.connectors.bigcommerce.wire import (
    WireOrder,
    WireRefund,
    WireRefundPayment,
    WireTransaction,
)
from b1bridge.domain.money import Money
from b1bridge.domain.refunds import MoneyBack, MoneyState

# Value that the shop itself owes; no gateway has to confirm it.
_OWED = {"storecredit": STORE_CREDIT, "giftcertificate": GIFT_CERTIFICATE}


def money_back(
    refund: WireRefund, order: WireOrder, transactions: Sequence[WireTransaction]
) -> tuple[MoneyBack, ...]:
    """Return the payments of a refund, each with the name of its method and its state."""
    events = _events(refund, transactions)
    return tuple(
        _one(payment, order, transactions, event)
        for payment, event in zip(refund.payments, events, strict=True)
    )


def _one(
    payment: WireRefundPayment,
    order: WireOrder,
    transactions: Sequence[WireTransaction],
    event: WireTransaction | None,
) -> MoneyBack:
    return MoneyBack(
        method=_method(payment, order, transactions, event),
        amount=Money(payment.amount, order.default_currency_code).rounded(),
        state=_state(payment, event),
        gateway_reference=event.gateway_transaction_id if event else "",
    )


def _state(payment: WireRefundPayment, event: WireTransaction | None) -> MoneyState:
    """Money is back once the gateway's own event says so: the request runs later (orders.v3)."""
    if payment.is_declined:
        return MoneyState.DECLINED
    if payment.offline or payment.provider_id in _OWED:
        return MoneyState.SETTLED
    if event is None:
        return MoneyState.PENDING
    return MoneyState.SETTLED if event.status == "ok" else MoneyState.DECLINED


def _method(
    payment: WireRefundPayment,
    order: WireOrder,
    transactions: Sequence[WireTransaction],
    event: WireTransaction | None,
) -> str:
    """Name the method as the payment it undoes is named, so that both share an account."""
    if event is not None:
        return method_of(event)
    if payment.provider_id in _OWED:
        return _OWED[payment.provider_id]
    taken = [t for t in transactions if t.event != "refund" and _is_at(t, payment)]
    if taken:
        return method_of(taken[0])
    by_gateway = any(t.gateway and t.method not in _OWED.values() for t in transactions)
    if payment.offline and order.payment_method and not by_gateway:
        return order.payment_method
    return payment.provider_id


def _events(
    refund: WireRefund, transactions: Sequence[WireTransaction]
) -> list[WireTransaction | None]:
    """Find the gateway's event of each payment, none twice.

    Whether `transaction_id` names that event or the purchase it undoes is not told. An event of
    the same gateway and amount, not older than the refund, will do.
    """
    left = [t for t in transactions if t.event == "refund" and t.date_created >= refund.created]
    named = {t.id: t for t in transactions if t.event == "refund"}
    found: list[WireTransaction | None] = []
    for payment in refund.payments:
        exact = named.get(int(payment.transaction_id)) if payment.transaction_id else None
        event = exact or next((t for t in left if _fits(t, payment)), None)
        left = [t for t in left if event is None or t.id != event.id]
        found.append(None if payment.offline else event)
    return found


def _fits(event: WireTransaction, payment: WireRefundPayment) -> bool:
    return _is_at(event, payment) and abs(event.amount) == payment.amount


def _is_at(transaction: WireTransaction, payment: WireRefundPayment) -> bool:
    """Compare gateways; refunds spell some with a prefix: checkout_paypalexpress."""
    return payment.provider_id.removeprefix("checkout_") == transaction.gateway
