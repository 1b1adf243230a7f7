"""BigCommerce's JSON as orders, shoppers and payments of the trade; pure."""

from __future__ import annotations

import hashlib

from b1bridge.connectors.bigcommerce.order_amounts import Part, amounts_of
from b1bridge.connectors.bigcommerce.wire import (
    OrderParts,
    WireAddress,
    WireCustomer,
    WireCustomerAddress,
    WireOrder,
    WireProduct,
    tax_id_of,
)
from b1bridge.domain.customers import Address, Customer
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import (
    Charge,
    Component,
    LineKind,
    Order,
    OrderLine,
    OrderState,
    Tax,
    Tender,
    version_of,
)
from b1bridge.domain.rates import ShopRate

# Labels can be renamed, ids cannot (storefronts.md 1.3). What is not listed is an open sale.
_STATES = {
    0: OrderState.UNPAID_CART,  # Incomplete: reached the payment page and did not pay
    4: OrderState.REFUNDED,
    5: OrderState.CANCELLED,
    6: OrderState.CANCELLED,  # Declined
}
GIFT_CERTIFICATE, STORE_CREDIT = "gift_certificate", "store_credit"


def order_from(parts: OrderParts, connection: str) -> Order:
    """Translate an order; it may still contradict itself, which domain.consistency judges."""
    wire = parts.order
    currency = wire.default_currency_code
    sold, charged = amounts_of(parts)
    lines = zip(parts.products, sold, strict=True)
    charges = [_charge(wire, part) for part in charged]
    billing = address_from(wire.billing_address)
    return Order(
        ref=Ref(connection, "order", str(wire.id)),
        number=str(wire.id),
        state=state_of(wire.status_id),
        placed_at=wire.date_created,
        modified_at=wire.date_modified,
        currency=currency,
        prices_include_tax=wire.is_tax_inclusive_pricing,
        customer=_customer(wire, billing, connection),
        billing=billing,
        shipping=address_from(parts.addresses[0]) if parts.addresses else billing,
        lines=tuple(_line(wire, p, part) for p, part in lines if p.quantity or part.exact),
        charges=tuple(charges),
        total=Money(wire.total_inc_tax, currency).rounded(),
        tax_total=Money(wire.total_tax, currency).rounded(),
        charge_total=Money.sum((charge.net for charge in charges), currency),
        payment_method=wire.payment_method,
        tenders=_tenders(wire),
        comment=wire.customer_message,
        noted=wire.external_order_id,
        content=_content(wire),
        rate=rate_from(wire),
        components=tuple(
            Component(name, Money.of(amount, currency).rounded())
            for name, amount in wire.components.items()
            if amount
        ),
    )


def rate_from(wire: WireOrder) -> ShopRate | None:
    """Tell what the order's currency is worth in the store's own, where the store says so."""
    per_home = wire.store_default_to_transactional_exchange_rate
    if not wire.store_default_currency_code or per_home <= 0:
        return None
    return ShopRate(wire.store_default_currency_code, 1 / per_home)


def state_of(status: int) -> OrderState:
    """Return what a status means to the books."""
    return _STATES.get(status, OrderState.OPEN)


def version_from(wire: WireOrder) -> str:
    """Return what Order.version is for an order of which nothing else is read."""
    return version_of(wire.date_modified, _content(wire))


def address_from(wire: WireAddress) -> Address:
    """Translate an address of an order."""
    return Address(
        first_name=wire.first_name,
        last_name=wire.last_name,
        company=wire.company,
        street_1=wire.street_1,
        street_2=wire.street_2,
        city=wire.city,
        state=wire.state,
        zip_code=wire.zip,
        country=wire.country_iso2,
        phone=wire.phone,
        email=wire.email,
    )


def customer_from(
    wire: WireCustomer, address: WireCustomerAddress | None, connection: str
) -> Customer:
    """Translate a registered shopper with the first address of their book."""
    return Customer(
        ref=Ref(connection, "customer", str(wire.id)),
        email=wire.email,
        name=f"{wire.first_name} {wire.last_name}".strip(),
        company=wire.company,
        phone=wire.phone,
        billing=Address(email=wire.email) if address is None else _of_book(address, wire.email),
        tax_id=tax_id_of(wire.form_fields),
    )


def _customer(wire: WireOrder, billing: Address, connection: str) -> Customer:
    """Return who ordered, as the order itself knows them; customer 0 is a guest."""
    known = Ref(connection, "customer", str(wire.customer_id)) if wire.customer_id else None
    tax_id = tax_id_of(wire.billing_address.form_fields)
    return Customer(
        known, billing.email, billing.name, billing.company, billing.phone, billing, tax_id
    )


def _line(wire: WireOrder, product: WireProduct, part: Part) -> OrderLine:
    net, tax, gross = _sides(wire, part)
    gift = product.type == "giftcertificate"
    return OrderLine(
        id=str(product.id),
        sku=product.sku,
        name=product.name,
        quantity=product.quantity,
        net=net,
        tax=tax,
        gross=gross,
        kind=LineKind.GIFT_CERTIFICATE if gift else LineKind.GOODS,
        discount=Money(part.discount, wire.default_currency_code) if part.discount else None,
    )


def _charge(wire: WireOrder, part: Part) -> Charge:
    net, tax, gross = _sides(wire, part)
    return Charge(part.name, net, tax, gross)


def _content(wire: WireOrder) -> str:
    # Fees come with some answers only, and are part of the totals anyway.
    aside = {"date_modified", "external_order_id", "fees"}
    return hashlib.sha256(wire.model_dump_json(exclude=aside).encode()).hexdigest()[:16]


def _sides(wire: WireOrder, part: Part) -> tuple[Money, Tax, Money]:
    """Derive the other side from the exact one: the published estimate may be a cent off."""
    currency = wire.default_currency_code
    exact, amount = Money(part.exact, currency).rounded(), Money(part.tax, currency).rounded()
    tax = Tax(*part.rate, amount)
    if wire.is_tax_inclusive_pricing:
        return exact - amount, tax, exact
    return exact, tax, exact + amount


def _tenders(wire: WireOrder) -> tuple[Tender, ...]:
    """Return what was paid with value the shop owes; it leaves the total as it is."""
    amounts = {
        GIFT_CERTIFICATE: wire.gift_certificate_amount,
        STORE_CREDIT: wire.store_credit_amount,
    }
    currency = wire.default_currency_code
    return tuple(Tender(name, Money(paid, currency)) for name, paid in amounts.items() if paid)


def _of_book(wire: WireCustomerAddress, email: str) -> Address:
    return Address(
        first_name=wire.first_name,
        last_name=wire.last_name,
        company=wire.company,
        street_1=wire.address1,
        street_2=wire.address2,
        city=wire.city,
        state=wire.state_or_province,
        zip_code=wire.postal_code,
        country=wire.country_code,
        phone=wire.phone,
        email=email,
    )
