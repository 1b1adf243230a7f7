"""Turns what a shopper put together into an order, discounts spread and all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypedDict

from .pricing import cent_of, shares
from .records import ZERO, Coupon, Discount, Line, Order, Surcharge
from .store import Store

Cart = Sequence[Sequence[Any] | Mapping[str, Any]]
Amount = str | int | Decimal

AWAITING_FULFILLMENT, AWAITING_PAYMENT = 11, 7
SHIPPING_COUPONS = {3, 4}

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": "",
    "street_1": "Invalidenstr. 1",
    "street_2": "",
    "city": "Berlin",
    "state": "Berlin",
    "zip": "10115",
    "country": "Germany",
    "country_iso2": "DE",
    "phone": "",
    "email": "ada@example.com",
}


class Checkout(TypedDict, total=False):
    """What else there is to say about a cart; all of it has a default.

    `customer` 0 is a guest. Amounts are entered as the store prices: with tax or without.
    `coupon` is (code, discount) or (code, discount, type); `fees` are (name, cost, tax rate).
    """

    email: str
    customer: int
    address: Mapping[str, Any]
    shipping: Amount
    shipping_rate: Amount
    shipping_method: str
    handling: Amount
    wrapping: Amount
    fees: Sequence[Sequence[Any]]
    discount: Amount
    coupon: Sequence[Any]
    gift_certificate: Amount
    store_credit: Amount
    currency: str
    status: int
    placed_at: datetime | str
    payment_method: str
    customer_message: str
    display_currency: str
    exchange_rate: Amount
    discounts_on_lines: bool
    detailed_taxes: bool
    digital: bool


def order_from(store: Store, cart: Cart, told: Checkout) -> Order:
    """Write an order down; nothing is checked, so that odd orders can be placed."""
    lines = [line_from(store, row) for row in cart]
    rate = Decimal(told["shipping_rate"]) if "shipping_rate" in told else _first_rate(lines)
    placed = told.get("placed_at", store.clock())
    moment = datetime.fromisoformat(placed) if isinstance(placed, str) else placed
    billing = ADDRESS | dict(told.get("address", {}))
    billing["email"] = told.get("email", billing["email"])
    order = Order(
        id=next(store.order_ids),
        status_id=told.get("status", AWAITING_FULFILLMENT),
        created=moment,
        modified=moment,
        inclusive=store.inclusive,
        currency=told.get("currency", store.currency),
        store_currency=store.currency,
        customer_id=told.get("customer", 0),
        billing=billing,
        shipping_address={} if told.get("digital") else dict(billing),
        lines=lines,
        shipping=_surcharge(told.get("shipping_method", "Flat Rate"), told.get("shipping"), rate),
        handling=_surcharge("handling", told.get("handling"), rate),
        wrapping=_surcharge("wrapping", told.get("wrapping"), rate),
        address_id=next(store.ids),
    )
    _add_options(order, told)
    spread_discounts(order)
    return order


def line_from(store: Store, row: Sequence[Any] | Mapping[str, Any]) -> Line:
    """Read (sku, quantity, price, tax rate in per cent, name), or the same by name."""
    names = ("sku", "quantity", "price", "tax_rate", "name", "kind", "raw")
    told = dict(row) if isinstance(row, Mapping) else dict(zip(names, row, strict=False))
    product = store.products.get(told["sku"])
    known = product.name if product else told["sku"]
    return Line(
        next(store.ids),
        told["sku"],
        told.get("name") or known or "Custom line",
        int(told.get("quantity", 1)),
        _exact(told.get("price", product.price if product else 0)),
        _exact(told.get("tax_rate", 0)),
        product.id if product else 0,
        product.variant_id if product else 0,
        told.get("kind", "physical"),
        raw=told.get("raw"),
    )


def spread_discounts(order: Order) -> None:
    """Share order-level discounts out over the lines in proportion to their price."""
    named: list[tuple[str, str, str | None, Decimal]] = [
        ("manual-discount", "Manual Discount", None, order.manual_discount)
    ]
    named += [
        ("total-coupon", coupon.code, coupon.code, coupon.discount)
        for coupon in order.coupons
        if coupon.type not in SHIPPING_COUPONS
    ]
    weights = [max(ZERO, line.price * line.quantity) for line in order.lines]
    for line in order.lines:
        line.discounts = ()
    for id_, name, code, amount in named:
        parts = shares(amount, weights, cent_of(order.currency))
        for line, share in zip(order.lines, parts, strict=True):
            if share:
                line.discounts = (*line.discounts, Discount(id_, name, code, share))


def _add_options(order: Order, told: Checkout) -> None:
    order.fees = [
        _surcharge(name, cost, Decimal(rate)) for name, cost, rate in told.get("fees", ())
    ]
    order.manual_discount = Decimal(told.get("discount", 0))
    if "coupon" in told:
        code, discount, *kind = told["coupon"]
        order.coupons = [Coupon(code, Decimal(discount), *kind)]
    order.gift_certificate = Decimal(told.get("gift_certificate", 0))
    order.store_credit = Decimal(told.get("store_credit", 0))
    order.payment_method = told.get("payment_method", order.payment_method)
    order.customer_message = told.get("customer_message", "")
    order.display_currency = told.get("display_currency", "")
    order.exchange_rate = Decimal(told.get("exchange_rate", 1))
    order.discounts_on_lines = told.get("discounts_on_lines", True)
    order.detailed_taxes = told.get("detailed_taxes", True)


@lru_cache(maxsize=10_000)
def _exact(amount: Amount) -> Decimal:
    """Read an amount; equal ones share one object, for there are hundreds of thousands."""
    return Decimal(amount)


def _surcharge(name: str, cost: Amount | None, rate: Decimal) -> Surcharge:
    return Surcharge(name, Decimal(cost or 0), rate)


def _first_rate(lines: Sequence[Line]) -> Decimal:
    return lines[0].rate if lines else ZERO
