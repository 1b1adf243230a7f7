"""What a refund comes to, and by which means it can be paid (storefronts.md 1.5, orders.v3.yml).

The texts tell the shape and few rules. Guesses: a piece is worth its share of what was paid for
the line, the last one takes the remainder; a deduction leaves the tax as it is; wrapping is of
the order's first line; what was declined is not refunded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .pricing import Amounts, after_discount, cent_of, charged, taxed
from .records import ZERO, Line, Order, RefundItem, RefundPayment, Surcharge, Transaction
from .store import Store

_NOTHING = Amounts(ZERO, ZERO)
# Providers are not always spelled as gateways are (orders.v3.yml, PaymentOption).
_PROVIDERS = {"paypalexpress": "checkout_paypalexpress"}
_BY_QUANTITY = {"PRODUCT", "GIFT_WRAPPING"}


class Refused(Exception):
    """The store does not do this; `status` and `title` are what the API answers."""

    def __init__(self, title: str, status: int = 422) -> None:
        super().__init__(title)
        self.title = title
        self.status = status


@dataclass(frozen=True, slots=True)
class Quote:
    """What a refund would come to; `adjustment` is what could not be given of what was asked."""

    amount: Decimal
    tax: Decimal
    order_level: Decimal
    adjustment: Decimal
    methods: tuple[tuple[RefundPayment, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A refund as asked for; `override` is (amount, tax) by the merchant's own reckoning."""

    items: tuple[RefundItem, ...] = ()
    tax_adjustment: Decimal | None = None
    override: tuple[Decimal, Decimal] | None = None


def quote(store: Store, order: Order, asked: Asked) -> Quote:
    """Price a refund; Refused when the order does not have so much to give back."""
    worth = [_worth(store, order, item, asked.items[:at]) for at, item in enumerate(asked.items)]
    wanted = sum((amounts.inc_tax for amounts in worth), ZERO)
    tax = sum((amounts.tax for amounts in worth), ZERO)
    level = sum((i.amount or ZERO for i in asked.items if i.type == "ORDER"), ZERO)
    if asked.tax_adjustment is not None:
        wanted = tax = asked.tax_adjustment
    if asked.override is not None:
        wanted, tax = asked.override
    if wanted <= 0:
        msg = "There is nothing to refund"
        raise Refused(msg)
    amount = min(wanted, refundable(order))
    if amount <= 0:
        msg = "The order has no money left to refund"
        raise Refused(msg)
    return Quote(amount, tax, level, amount - wanted, _methods(order, amount))


def received(order: Order) -> Decimal:
    """Return the money taken for an order, by gateways and by hand."""
    moved = [t.amount for t in order.transactions if took(t)]
    return sum(moved, order.paid_by_hand)


def returned(order: Order) -> Decimal:
    """Return the money that went or is going back."""
    payments = [payment for refund in order.refunds for payment in refund.payments]
    return sum((p.amount for p in payments if not p.declined), ZERO)


def refundable(order: Order) -> Decimal:
    """Return what may still be given back: never more than came in."""
    return received(order) - returned(order)


def quantity_refunded(order: Order, line: Line) -> int:
    """Count the pieces of a line that were refunded."""
    return sum(item.quantity for item in _done(order, "PRODUCT", line.id))


def provider_of(gateway: str) -> str:
    """Spell a gateway as a refund's payment provider."""
    return _PROVIDERS.get(gateway, gateway)


def took(transaction: Transaction) -> bool:
    """Tell whether a gateway event moved money to the shop."""
    return transaction.status == "ok" and transaction.event in {"purchase", "capture"}


def _done(order: Order, kind: str, number: int) -> list[RefundItem]:
    items = [item for r in order.refunds if not r.is_declined for item in r.items]
    return [item for item in items if (item.type, item.id) == (kind, number)]


def _worth(store: Store, order: Order, item: RefundItem, before: Sequence[RefundItem]) -> Amounts:
    same = [other for other in before if (other.type, other.id) == (item.type, item.id)]
    done = [*_done(order, item.type, item.id), *same]
    if item.type in _BY_QUANTITY:
        return _by_quantity(order, item, sum(other.quantity for other in done))
    if item.amount is None or item.amount <= 0:
        msg = f"A refund of type {item.type} needs an amount above zero"
        raise Refused(msg)
    if item.type == "ORDER":
        _check(item.id == order.id, f"{item.id} is not the order")
        return Amounts(item.amount, item.amount)  # "tax is not re-calculated"
    return _by_amount(store, order, item, sum((o.amount or ZERO for o in done), ZERO))


def _by_quantity(order: Order, item: RefundItem, done: int) -> Amounts:
    line = next((line for line in order.lines if line.id == item.id), None)
    if line is None:
        msg = f"Order product {item.id} is not of this order"
        raise Refused(msg)
    _check(
        0 < item.quantity <= line.quantity - done,
        f"Order product {line.id} has {line.quantity - done} left to refund, not {item.quantity}",
    )
    first = line is order.lines[0]
    wrapping = charged(order, order.wrapping) if first else _NOTHING
    paid = after_discount(order, line) if item.type == "PRODUCT" else wrapping
    until, before = (_share(order, paid, n, line.quantity) for n in (done + item.quantity, done))
    off = sum((amount for amount, _ in item.adjustments), ZERO)
    return Amounts(until.ex_tax - before.ex_tax + off, until.inc_tax - before.inc_tax + off)


def _share(order: Order, paid: Amounts, pieces: int, of: int) -> Amounts:
    cent = cent_of(order.currency)
    ex, inc = (
        (amount * pieces / of).quantize(cent, ROUND_HALF_UP)
        for amount in (paid.ex_tax, paid.inc_tax)
    )
    return Amounts(ex, inc)


def _by_amount(store: Store, order: Order, item: RefundItem, done: Decimal) -> Amounts:
    surcharge = _surcharge(order, item)
    inclusive = order.inclusive
    if store.refund_amounts_include_tax is not None:
        inclusive = store.refund_amounts_include_tax
    cost = charged(order, surcharge)
    left = (cost.inc_tax if inclusive else cost.ex_tax) - done
    amount = item.amount or ZERO
    _check(amount <= left, f"{item.type} has {left} left to refund, not {amount}")
    return taxed(amount, surcharge.rate, cent_of(order.currency), inclusive=inclusive)


def _surcharge(order: Order, item: RefundItem) -> Surcharge:
    if item.type in {"SHIPPING", "HANDLING"}:
        _check(item.id == order.address_id, f"{item.id} is no address of the order")
        return order.shipping if item.type == "SHIPPING" else order.handling
    if item.type == "FEE":
        _check(0 < item.id <= len(order.fees), f"{item.id} is no fee of the order")
        return order.fees[item.id - 1]
    msg = f"The simulator does not refund {item.type}"
    raise Refused(msg, 501)


def _check(holds: bool, title: str) -> None:  # noqa: FBT001 - it is what is checked
    if not holds:
        raise Refused(title)


def _methods(order: Order, amount: Decimal) -> tuple[tuple[RefundPayment, ...], ...]:
    """Offer store credit, a custom means, and the tenders of the order (orders.v3.yml)."""
    credit = (RefundPayment(0, "storecredit", amount, offline=False),) if order.customer_id else ()
    custom = (RefundPayment(0, "custom", amount, offline=True),)
    return tuple(way for way in (credit, custom, _as_paid(order, amount)) if way)


def _as_paid(order: Order, amount: Decimal) -> tuple[RefundPayment, ...]:
    """Split an amount over the order's tenders: gateways first, value the shop owes last."""
    left, way = amount, []
    for provider, offline, held in _tenders(order):
        part = min(left, held)
        if part > 0:
            way.append(RefundPayment(0, provider, part, offline))
            left -= part
    return tuple(way) if not left else ()


def _tenders(order: Order) -> Iterable[tuple[str, bool, Decimal]]:
    taken: dict[tuple[str, bool], Decimal] = {}
    for transaction in filter(took, order.transactions):
        key = provider_of(transaction.gateway), transaction.method in {"offline", "custom"}
        taken[key] = taken.get(key, ZERO) + transaction.amount
    if order.paid_by_hand:
        taken["custom", True] = taken.get(("custom", True), ZERO) + order.paid_by_hand
    for payment in (p for refund in order.refunds for p in refund.payments if not p.declined):
        key = payment.provider, payment.offline
        taken[key] = taken.get(key, ZERO) - payment.amount
    owed_last = {"storecredit", "giftcertificate"}
    for provider, offline in sorted(taken, key=lambda key: key[0] in owed_last):
        yield provider, offline, taken[provider, offline]
