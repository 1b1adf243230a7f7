"""Reads the money that shoppers paid (storefronts.md 1.5)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from b1bridge.connectors.bigcommerce.account import Account
from b1bridge.connectors.bigcommerce.client import SYSTEM
from b1bridge.connectors.bigcommerce.translate import GIFT_CERTIFICATE, STORE_CREDIT, rate_from
from b1bridge.connectors.bigcommerce.wire import TRANSACTIONS, ZERO, WireOrder, WireTransaction
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.payments import Payment
from b1bridge.sdk.reading import read, read_all

_TENDERS = {GIFT_CERTIFICATE, STORE_CREDIT}
_TAKES_MONEY = {"purchase", "capture", "settled"}
# Money that went back again was paid before.
_PAID = {"captured", "paid", "partially refunded", "refunded"}


class Payments(Account):
    """The PaymentSource of one store."""

    async def payments(self, order: Ref) -> tuple[Payment, ...]:
        """Return gateway captures, redeemed tenders, and what a manual method says was paid."""
        found = await self._client.get(f"v3/orders/{order.id}/transactions")
        rows = found["data"] if found else []
        record = f"transactions of {order}"
        transactions = read_all(TRANSACTIONS, rows, system=SYSTEM, record=record)
        paid = [_payment(t, order) for t in captured(transactions)]
        answer = await self._client.get(f"v2/orders/{order.id}")
        wire = read(WireOrder, answer, system=SYSTEM, record=str(order))
        paid += _unlisted(wire, order, transactions)
        paid = [replace(payment, rate=rate_from(wire)) for payment in paid]
        return tuple(sorted(paid, key=lambda payment: (payment.captured_at, payment.ref)))


def captured(transactions: list[WireTransaction]) -> list[WireTransaction]:
    """Return the events that moved money to us, once each.

    A settlement of a purchase or capture that is listed itself is not money a second time,
    and what was voided afterwards never came.
    """
    good = [t for t in transactions if t.status == "ok"]
    voided = {t.reference_transaction_id for t in good if t.event == "void"}
    moved = {t.id for t in good if t.event in {"purchase", "capture"}}
    return [
        t
        for t in good
        if t.event in _TAKES_MONEY
        and t.id not in voided
        and not (t.event == "settled" and t.reference_transaction_id in moved)
    ]


def method_of(transaction: WireTransaction) -> str:
    """Name the method as the payment_method crosswalk knows it.

    The account depends on who holds the money, so a gateway's name stands before the slash.
    Play money of a gateway in test mode has a name of its own, so that no real account gets it.
    """
    if transaction.test:
        return f"{transaction.gateway}/{transaction.method} (test)"
    if transaction.method in _TENDERS:
        return transaction.method
    if transaction.method == "offline" and transaction.offline:
        return transaction.offline.display_name or transaction.gateway
    if transaction.method == "custom" and transaction.custom:
        return transaction.custom.payment_method or transaction.gateway
    return f"{transaction.gateway}/{transaction.method}"


def _payment(transaction: WireTransaction, order: Ref) -> Payment:
    return Payment(
        ref=Ref(order.connection, "payment", f"{order.id}/{transaction.id}"),
        order=order,
        method=method_of(transaction),
        amount=Money.of(transaction.amount, transaction.currency),
        captured_at=transaction.date_created,
        gateway_reference=transaction.gateway_transaction_id,
    )


def _unlisted(wire: WireOrder, order: Ref, listed: list[WireTransaction]) -> list[Payment]:
    """Return what was paid without a transaction: manual methods leave none."""
    if wire.payment_status not in _PAID:
        return []
    amounts = {
        GIFT_CERTIFICATE: wire.gift_certificate_amount,
        STORE_CREDIT: wire.store_credit_amount,
    }
    known = {t.method for t in listed if t.event != "refund"}
    paid = [
        _by_hand(wire, order, method, amount)
        for method, amount in amounts.items()
        if amount and method not in known
    ]
    if known <= _TENDERS:
        rest = wire.total_inc_tax - sum(amounts.values(), ZERO)
        paid += [_by_hand(wire, order, wire.payment_method, rest)] if rest > 0 else []
    return paid


def _by_hand(wire: WireOrder, order: Ref, method: str, amount: Decimal) -> Payment:
    # When the money came is nowhere told; the last change of the order is the nearest we have.
    return Payment(
        ref=Ref(order.connection, "payment", f"{order.id}/{method}"),
        order=order,
        method=method,
        amount=Money.of(amount, wire.default_currency_code).rounded(),
        captured_at=wire.date_modified,
    )
