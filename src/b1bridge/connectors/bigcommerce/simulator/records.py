"""What the store keeps: orders, their lines and money movements, kept small for 25,000 orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)


@dataclass(slots=True)
class Discount:
    """A part of an order-level discount that falls on one line."""

    id: str
    name: str
    code: str | None
    amount: Decimal
    target: str = "order"


@dataclass(slots=True)
class Line:
    """One cart line; `price` is as entered, so with or without tax as the store prices."""

    id: int
    sku: str
    name: str
    quantity: int
    price: Decimal
    rate: Decimal
    product_id: int = 0
    variant_id: int = 0
    kind: str = "physical"
    discounts: tuple[Discount, ...] = ()
    raw: dict[str, Any] | None = None


@dataclass(slots=True)
class Surcharge:
    """Shipping, handling, wrapping or a fee; `cost` is as entered."""

    name: str
    cost: Decimal = ZERO
    rate: Decimal = ZERO


@dataclass(slots=True)
class Transaction:
    """One event at a payment gateway."""

    id: int
    event: str
    method: str
    gateway: str
    amount: Decimal
    currency: str
    created: datetime
    status: str = "ok"
    gateway_transaction_id: str = ""
    reference: int | None = None
    test: bool = False
    display_name: str = ""


@dataclass(slots=True)
class RefundItem:
    """What a refund is for; `amount` is as entered, `adjustments` are below zero and named."""

    type: str
    id: int
    quantity: int = 0
    amount: Decimal | None = None
    reason: str = ""
    adjustments: tuple[tuple[Decimal, str], ...] = ()


@dataclass(slots=True)
class RefundPayment:
    """Money on its way back; an online one is done once `transaction` names its gateway event."""

    id: int
    provider: str
    amount: Decimal
    offline: bool
    transaction: int | None = None
    declined: bool = False
    declined_message: str = ""


@dataclass(slots=True)
class Refund:
    """One refund; `status_before` is what its order falls back to when the gateway declines."""

    id: int
    order_id: int
    created: datetime
    amount: Decimal
    tax: Decimal
    items: list[RefundItem]
    payments: list[RefundPayment]
    status_before: int
    reason: str = ""
    overridden: bool = False
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def is_declined(self) -> bool:
        """Whether no payment of it came through."""
        return all(payment.declined for payment in self.payments)


@dataclass(slots=True)
class Shipment:
    """One parcel; `items` are quantities by order line."""

    id: int
    order_id: int
    address_id: int
    created: datetime
    items: dict[int, int]
    tracking_number: str = ""
    shipping_provider: str = ""
    tracking_carrier: str = ""
    tracking_link: str = ""
    shipping_method: str = ""
    merchant_shipping_cost: str = "0.0000"
    comments: str = ""


@dataclass(slots=True)
class Coupon:
    """A coupon that the shopper redeemed; types 3 and 4 reduce shipping."""

    code: str
    discount: Decimal
    type: int = 2


@dataclass(slots=True)
class Order:
    """One order as the store keeps it; every other amount is worked out from these."""

    id: int
    status_id: int
    created: datetime
    modified: datetime
    inclusive: bool
    currency: str
    customer_id: int
    billing: dict[str, Any]
    shipping_address: dict[str, Any]
    lines: list[Line]
    shipping: Surcharge
    handling: Surcharge
    wrapping: Surcharge
    address_id: int
    fees: list[Surcharge] = field(default_factory=list)
    coupons: list[Coupon] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    paid_by_hand: Decimal = ZERO
    source: str = "www"
    manual_discount: Decimal = ZERO
    gift_certificate: Decimal = ZERO
    store_credit: Decimal = ZERO
    payment_method: str = "Credit Card"
    payment_status: str = ""
    customer_message: str = ""
    staff_notes: str = ""
    external_order_id: str = ""
    display_currency: str = ""
    store_currency: str = ""
    exchange_rate: Decimal = Decimal(1)
    shipped: datetime | None = None
    is_deleted: bool = False
    discounts_on_lines: bool = True
    detailed_taxes: bool = True
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Product:
    """One product with its one variant, and what lies at each location."""

    id: int
    variant_id: int
    sku: str
    name: str
    price: Decimal
    on_hand: dict[int, int]
    safety_stock: int = 0
    tracked_by: str = "variant"
    adjusted: bool = False


@dataclass(slots=True)
class Location:
    """A place where stock lies."""

    id: int
    code: str
    label: str
    enabled: bool = True


@dataclass(slots=True)
class Hook:
    """A registered webhook."""

    id: int
    scope: str
    destination: str
    headers: dict[str, str]
    is_active: bool
    created_at: int
    updated_at: int


@dataclass(slots=True)
class Notice:
    """A webhook that waits to be sent, or was; `hook_id` names the one hook still owed it."""

    id: str
    scope: str
    data: dict[str, Any]
    created_at: int
    tries: int = 0
    hook_id: int | None = None
