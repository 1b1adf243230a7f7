"""BigCommerce's JSON, as far as we read it (V2 orders; V3 transactions, customers, inventory)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, TypeAdapter, model_validator

ZERO = Decimal(0)


def _utc(said: Any) -> Any:
    """Read RFC 2822 (V2) or ISO 8601 (V3); what carries no offset is UTC (storefronts.md 1.3)."""
    if not isinstance(said, str):
        return said
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        moment = parsedate_to_datetime(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, BeforeValidator(_utc)]
Text = Annotated[str, BeforeValidator(lambda said: "" if said is None else str(said))]
# More digits than any money has would leave no room to count in exactly.
Number = Annotated[Decimal, Field(max_digits=20)]
Amount = Annotated[Number, BeforeValidator(lambda said: ZERO if said in ("", None) else said)]


# What stores call the form field that asks for it; names are the merchant's to choose.
_TAX_ID_FIELDS = frozenset(
    {"vat", "vat id", "vat number", "vat no", "vat reg", "tax id", "tax number", "tax no"}
    | {"gst number", "abn", "ust-id", "ust-idnr", "ust-idnr.", "uid", "partita iva", "nif"}
    | {"numéro de tva", "n° tva", "btw-nummer", "momsnummer", "vat-nummer", "nip", "cnpj"}
)


class WireFormField(BaseModel):
    """What a shopper entered into a field that the merchant added."""

    name: Text = ""
    value: Any = None


def tax_id_of(fields: list[WireFormField]) -> str:
    """Return what was entered as tax id, wherever a field is named like one."""
    entered = (str(f.value) for f in fields if f.name.strip().casefold() in _TAX_ID_FIELDS)
    return next(filter(None, entered), "")


class WireAddress(BaseModel):
    """A billing or shipping address of an order."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    street_1: Text = ""
    street_2: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country_iso2: Text = ""
    phone: Text = ""
    email: Text = ""
    form_fields: list[WireFormField] = []


class WireFee(BaseModel):
    """A fee on an order; the published example spells `cost_ex_tax` in two ways."""

    id: int = 0
    display_name_merchant: Text = ""
    cost_ex_tax: Amount = Field(validation_alias=AliasChoices("cost_ex_tax", "cost_exc_tax"))
    cost_inc_tax: Amount
    cost_tax: Amount = ZERO


# Amounts of an order that are read elsewhere, sums of others, or no part of the total.
_NO_COMPONENTS = re.compile(
    r"(base|sub|total|items|shipping|handling|wrapping|refunded|store|gift|discount|coupon)"
)
_FIGURE = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_AMOUNT_NAME = re.compile(r".*(amount|cost|fee|tip|tips|total|discount|rounding|adjustment|duty)")


def _components(said: Any) -> Any:
    """Keep amounts that nobody documented: a total may hold them (correctness-rules 3.4)."""
    if not isinstance(said, dict):
        return said
    names = (n for n in said if _AMOUNT_NAME.fullmatch(n) and not _NO_COMPONENTS.match(n))
    found = {name: str(said[name]) for name in names}
    return said | {"components": {n: text for n, text in found.items() if _FIGURE.fullmatch(text)}}


class WireOrder(BaseModel):
    """An order; its lines, addresses and taxes are resources of their own."""

    components: Annotated[dict[str, Amount], Field(default_factory=dict)]

    id: int
    status_id: int
    customer_id: int = 0
    date_created: Moment
    date_modified: Moment
    is_tax_inclusive_pricing: bool
    # The transactional currency; currency_code is only what the shopper saw.
    default_currency_code: str = Field(min_length=3, max_length=3)
    store_default_currency_code: Text = ""
    store_default_to_transactional_exchange_rate: Amount = ZERO
    total_ex_tax: Amount
    total_inc_tax: Amount
    total_tax: Amount
    shipping_cost_ex_tax: Amount = ZERO
    shipping_cost_inc_tax: Amount = ZERO
    shipping_cost_tax: Amount = ZERO
    handling_cost_ex_tax: Amount = ZERO
    handling_cost_inc_tax: Amount = ZERO
    handling_cost_tax: Amount = ZERO
    wrapping_cost_ex_tax: Amount = ZERO
    wrapping_cost_inc_tax: Amount = ZERO
    wrapping_cost_tax: Amount = ZERO
    discount_amount: Amount = ZERO
    coupon_discount: Amount = ZERO
    store_credit_amount: Amount = ZERO
    gift_certificate_amount: Amount = ZERO
    payment_method: Text = ""
    payment_status: Text = ""
    items_shipped: Number = ZERO
    customer_message: Text = ""
    external_order_id: Text = ""
    billing_address: WireAddress = WireAddress()
    fees: Annotated[
        list[WireFee], BeforeValidator(lambda said: said if isinstance(said, list) else [])
    ] = []

    _named = model_validator(mode="before")(_components)


class WireDiscount(BaseModel):
    """A discount that fell on a line; target `product` is inside the line's total already."""

    amount: Amount = ZERO
    target: Text = "order"


class WireProduct(BaseModel):
    """One order line."""

    id: int
    sku: Text = ""
    name: Text = ""
    type: Text = "physical"
    quantity: Number
    total_ex_tax: Amount
    total_inc_tax: Amount
    total_tax: Amount = ZERO
    order_address_id: int = 0
    discounted_total_inc_tax: Number | None = None
    applied_discounts: list[WireDiscount] = []


class WireShippedItem(BaseModel):
    """How much of a line lies in a parcel."""

    order_product_id: int
    quantity: Number


class WireShipment(BaseModel):
    """One parcel."""

    id: int
    tracking_number: Text = ""
    shipping_provider: Text = ""
    tracking_carrier: Text = ""
    comments: Text = ""
    items: list[WireShippedItem] = []


class WireTax(BaseModel):
    """The tax of one line or charge at one rate; without details it names no line."""

    name: Text = ""
    rate: Amount
    line_amount: Amount = ZERO
    order_product_id: Text = ""
    line_item_type: Text = ""


class WireCoupon(BaseModel):
    """A redeemed coupon; `discount` is money, whatever `amount` is."""

    type: int = 0
    discount: Amount = ZERO


@dataclass(frozen=True, slots=True)
class OrderParts:
    """All that was read of one order."""

    order: WireOrder
    products: list[WireProduct]
    addresses: list[WireAddress]
    taxes: list[WireTax]
    coupons: list[WireCoupon]


class WireDisplayName(BaseModel):
    """What a manual or custom payment method calls itself."""

    display_name: Text = ""
    payment_method: Text = ""


class WireTransaction(BaseModel):
    """One event at a payment gateway."""

    id: int
    event: str
    method: str
    gateway: Text = ""
    amount: Number
    currency: str
    status: Text = ""
    gateway_transaction_id: Text = ""
    test: bool = False
    reference_transaction_id: int | None = None
    date_created: Moment
    offline: WireDisplayName | None = None
    custom: WireDisplayName | None = None


class WireAdjustment(BaseModel):
    """What was kept back of a refunded item; below zero."""

    amount: Number
    description: Text = ""


class WireRefundItem(BaseModel):
    """What a refund is for; which record `item_id` names depends on the type."""

    item_type: str
    item_id: int
    quantity: Number = ZERO
    requested_amount: Number | None = None
    reason: Text = ""
    adjustments: list[WireAdjustment] = []


class WireRefundPayment(BaseModel):
    """Money that goes back by one provider."""

    id: int
    provider_id: str
    amount: Number
    offline: bool = False
    is_declined: bool = False
    # Documented as text; what is no number names no transaction.
    transaction_id: Annotated[
        str, BeforeValidator(lambda said: str(said) if str(said or "").isdecimal() else "")
    ] = ""


class WireRefund(BaseModel):
    """One refund of an order."""

    id: int
    order_id: int
    created: Moment
    reason: Text = ""
    total_amount: Number
    total_tax: Amount = ZERO
    uses_merchant_override_values: bool = False
    items: list[WireRefundItem] = []
    payments: list[WireRefundPayment] = []


class WireCustomer(BaseModel):
    """A registered shopper."""

    id: int
    email: str
    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    phone: Text = ""
    form_fields: list[WireFormField] = []


class WireCustomerAddress(BaseModel):
    """An address in a shopper's book; V3 names its fields unlike V2."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    state_or_province: Text = ""
    postal_code: Text = ""
    country_code: Text = ""
    phone: Text = ""


class WireIdentity(BaseModel):
    """Which item an inventory row is about."""

    sku: Text = ""


class WireLevel(BaseModel):
    """What lies at one location, the shop's own safety stock included."""

    location_id: int
    total_inventory_onhand: int


class WireInventory(BaseModel):
    """One item at all its locations."""

    identity: WireIdentity
    locations: list[WireLevel] = []


class WireHook(BaseModel):
    """A registered webhook."""

    id: int
    scope: str
    destination: str
    is_active: bool
    headers: dict[str, str] | None = None


class WireChange(BaseModel):
    """As much of an order as polling needs."""

    id: int
    date_modified: Moment


PRODUCTS = TypeAdapter(list[WireProduct])
ADDRESSES = TypeAdapter(list[WireAddress])
TAXES = TypeAdapter(list[WireTax])
COUPONS = TypeAdapter(list[WireCoupon])
SHIPMENTS = TypeAdapter(list[WireShipment])
REFUNDS = TypeAdapter(list[WireRefund])
TRANSACTIONS = TypeAdapter(list[WireTransaction])
HOOKS = TypeAdapter(list[WireHook])
INVENTORY = TypeAdapter(list[WireInventory])
CHANGES = TypeAdapter(list[WireChange])
