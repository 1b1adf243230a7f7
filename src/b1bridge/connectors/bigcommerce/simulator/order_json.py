"""Orders in the shape of the V2 and V3 APIs (orders.v2.oas2.yml, orders.v3.yml)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .answers import money, rfc2822
from .pricing import Amounts, after_discount, before_discount, charged, totals_of
from .records import ZERO, Line, Order, Surcharge, Transaction
from .refund_prices import quantity_refunded
from .shipping import items_shipped, quantity_shipped

# Recorded list (storefronts.md 1.3).
STATUSES = {
    0: "Incomplete", 1: "Pending", 2: "Shipped", 3: "Partially Shipped", 4: "Refunded",
    5: "Cancelled", 6: "Declined", 7: "Awaiting Payment", 8: "Awaiting Pickup",
    9: "Awaiting Shipment", 10: "Completed", 11: "Awaiting Fulfillment",
    12: "Manual Verification Required", 13: "Disputed", 14: "Partially Refunded",
}  # fmt: skip


def order_json(order: Order, root: str, *, with_fees: bool = False) -> dict[str, Any]:
    """Return the order; fields that a test overrides win."""
    totals = totals_of(order)
    payload = {
        "id": order.id,
        "customer_id": order.customer_id,
        "date_created": rfc2822(order.created),
        "date_modified": rfc2822(order.modified),
        "date_shipped": rfc2822(order.shipped),
        "status_id": order.status_id,
        "status": STATUSES[order.status_id],
        "custom_status": STATUSES[order.status_id],
        **_both("subtotal", totals.subtotal),
        "base_shipping_cost": money(order.shipping.cost),
        **_both("shipping_cost", charged(order, order.shipping)),
        "base_handling_cost": money(order.handling.cost),
        **_both("handling_cost", charged(order, order.handling)),
        "base_wrapping_cost": money(order.wrapping.cost),
        **_both("wrapping_cost", charged(order, order.wrapping)),
        **_both("total", totals.total),
        **_plain_fields(order),
        "billing_address": {"form_fields": [], **order.billing},
        **_links(order, root),
    }
    payload["fees"] = fees_json(order) if with_fees else _link(root, f"/orders/{order.id}/fees")
    return payload | order.raw


def _plain_fields(order: Order) -> dict[str, Any]:
    carried = sum((c.discount for c in order.coupons), ZERO)
    return {
        "is_tax_inclusive_pricing": order.inclusive,
        "items_total": sum(line.quantity for line in order.lines),
        "items_shipped": items_shipped(order),
        "payment_method": order.payment_method,
        "payment_provider_id": "",
        "payment_status": order.payment_status,
        # Documented as always 0: the truth about refunds is in V3 (storefronts.md 1.3).
        "refunded_amount": "0.0000",
        "order_is_digital": all(line.kind != "physical" for line in order.lines),
        "store_credit_amount": money(order.store_credit),
        "gift_certificate_amount": money(order.gift_certificate),
        "currency_id": 1,
        "currency_code": order.display_currency or order.currency,
        "currency_exchange_rate": "1.0000000000",
        "default_currency_id": 1,
        "default_currency_code": order.currency,
        "store_default_currency_code": order.store_currency or order.currency,
        "store_default_to_transactional_exchange_rate": f"{order.exchange_rate:.10f}",
        "staff_notes": order.staff_notes,
        "customer_message": order.customer_message,
        "discount_amount": money(order.manual_discount),
        "coupon_discount": money(carried),
        "shipping_address_count": 1 if order.shipping_address else 0,
        "is_deleted": order.is_deleted,
        "is_email_opt_in": False,
        "credit_card_type": None,
        "order_source": order.source,
        "channel_id": 1,
        "external_source": None,
        "external_id": None,
        "external_merchant_id": None,
        "external_order_id": order.external_order_id,
        "tax_provider_id": "BasicTaxProvider",
        "customer_locale": "en",
    }


def product_json(order: Order, line: Line) -> dict[str, Any]:
    """Return one order line; the schema allows no field it does not know."""
    before, after = before_discount(order, line), after_discount(order, line)
    hidden = not order.discounts_on_lines
    payload = {
        "id": line.id,
        "order_id": order.id,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "order_address_id": order.address_id,
        "order_pickup_method_id": 0,
        "name": line.name,
        "name_customer": line.name,
        "name_merchant": line.name,
        "sku": line.sku,
        "upc": "",
        "type": line.kind,
        "base_price": money(line.price),
        **_both("price", _unit_price(order, line)),
        "base_total": money(line.price * line.quantity),
        "total_ex_tax": money(before.ex_tax),
        "total_inc_tax": money(before.inc_tax),
        "total_tax": money(before.tax if hidden else after.tax),
        "quantity": line.quantity,
        "weight": "0.0000",
        **dict.fromkeys(("base_cost_price", "wrapping_cost_ex_tax"), "0.0000"),
        "is_refunded": 0 < line.quantity <= quantity_refunded(order, line),
        "quantity_refunded": quantity_refunded(order, line),
        "refund_amount": "0.0000",
        "quantity_shipped": quantity_shipped(order, line),
        "wrapping_id": 0,
        "wrapping_name": "",
        "parent_order_product_id": None,
        "is_bundled_product": False,
        "external_id": None,
        "applied_discounts": [] if hidden else [_discount_json(d) for d in line.discounts],
        "product_options": [],
        "configurable_fields": [],
        "gift_certificate_id": line.id if line.kind == "giftcertificate" else None,
        "discounted_total_inc_tax": money(before.inc_tax if hidden else after.inc_tax),
    }
    return payload | (line.raw or {})


def _discount_json(discount: Any) -> dict[str, Any]:
    return {
        "id": discount.id,
        "amount": money(discount.amount),
        "name": discount.name,
        "code": discount.code,
        "target": discount.target,
    }


def _unit_price(order: Order, line: Line) -> Amounts:
    factor = 1 + line.rate / 100
    if order.inclusive:
        return Amounts(line.price / factor, line.price)
    return Amounts(line.price, line.price * factor)


def shipping_address_json(order: Order, root: str) -> dict[str, Any]:
    """Return the one address that everything is sent to."""
    base = f"/orders/{order.id}/shippingaddresses/{order.address_id}/shippingquotes"
    return {
        "id": order.address_id,
        "order_id": order.id,
        **order.shipping_address,
        "items_total": sum(line.quantity for line in order.lines),
        "items_shipped": items_shipped(order),
        "shipping_method": order.shipping.name,
        "base_cost": money(order.shipping.cost),
        **_both("cost", charged(order, order.shipping)),
        "cost_tax_class_id": 0,
        "base_handling_cost": money(order.handling.cost),
        **_both("handling_cost", charged(order, order.handling)),
        "handling_cost_tax_class_id": 0,
        "shipping_zone_id": 1,
        "shipping_zone_name": "Everywhere",
        "shipping_quotes": _link(root, base),
        "form_fields": [],
    }


def taxes_json(order: Order) -> list[dict[str, Any]]:
    """Return the tax of every line and surcharge; without details the line is not named."""
    rows = [
        _tax(order, line.rate, after_discount(order, line).tax, "item", str(line.id))
        for line in order.lines
        if line.kind != "giftcertificate"
    ]
    named = {
        "shipping": order.shipping,
        "handling": order.handling,
        "gift-wrapping": order.wrapping,
    }
    rows += [_surcharge_tax(order, surcharge, kind) for kind, surcharge in named.items()]
    taxed = [row for row in rows if row["rate"] != "0.0000"]
    return [row | {"id": number} for number, row in enumerate(taxed, 1)]


def _surcharge_tax(order: Order, surcharge: Surcharge, kind: str) -> dict[str, Any]:
    return _tax(order, surcharge.rate, charged(order, surcharge).tax, kind, "")


def _tax(order: Order, rate: Decimal, amount: Decimal, kind: str, line: str) -> dict[str, Any]:
    row = {
        "order_id": order.id,
        "order_address_id": order.address_id,
        "tax_rate_id": 1,
        "sales_tax_id": "",
        "tax_class_id": 0,
        "name": "VAT",
        "class": "Default Tax Class",
        "rate": money(rate),
        "priority": 0,
        "priority_amount": money(amount),
        "line_amount": money(amount),
        "order_pickup_method_id": 0,
    }
    return row | {"order_product_id": line, "line_item_type": kind} if order.detailed_taxes else row


def coupons_json(order: Order) -> list[dict[str, Any]]:
    """Return the redeemed coupons; `amount` is raw, `discount` is money."""
    return [
        {
            "id": number,
            "coupon_id": number,
            "order_id": order.id,
            "code": coupon.code,
            "amount": money(coupon.discount),
            "type": coupon.type,
            "discount": float(coupon.discount),
        }
        for number, coupon in enumerate(order.coupons, 1)
    ]


def fees_json(order: Order) -> list[dict[str, Any]]:
    """Return the order's fees."""
    return [
        {
            "id": number,
            "type": "custom_fee",
            "display_name_customer": fee.name,
            "display_name_merchant": fee.name,
            "source": "sim",
            "base_cost": money(fee.cost),
            **_both("cost", charged(order, fee)),
            "tax_class_id": None,
        }
        for number, fee in enumerate(order.fees, 1)
    ]


def transaction_json(order: Order, transaction: Transaction) -> dict[str, Any]:
    """Return one gateway event; V3 amounts are numbers."""
    payload: dict[str, Any] = {
        "id": transaction.id,
        "order_id": str(order.id),
        "event": transaction.event,
        "method": transaction.method,
        "amount": float(transaction.amount),
        "currency": transaction.currency,
        "gateway": transaction.gateway,
        "gateway_transaction_id": transaction.gateway_transaction_id,
        "date_created": transaction.created.isoformat(),
        "test": transaction.test,
        "status": transaction.status,
        "fraud_review": False,
        "offline": None,
        "custom": None,
        "payment_instrument_token": None,
    }
    if transaction.reference is not None:
        payload["reference_transaction_id"] = transaction.reference
    if transaction.method == "offline":
        payload["offline"] = {"display_name": transaction.display_name}
    if transaction.method == "custom":
        payload["custom"] = {"payment_method": transaction.display_name}
    return payload


def _both(name: str, amounts: Amounts) -> dict[str, str]:
    return {
        f"{name}_ex_tax": money(amounts.ex_tax),
        f"{name}_inc_tax": money(amounts.inc_tax),
        f"{name}_tax": money(amounts.tax),
    }


def _link(root: str, resource: str) -> dict[str, str]:
    return {"url": f"{root}/v2{resource}", "resource": resource}


def _links(order: Order, root: str) -> dict[str, Any]:
    base = f"/orders/{order.id}"
    return {
        "products": _link(root, f"{base}/products"),
        "shipping_addresses": _link(root, f"{base}/shippingaddresses"),
        "coupons": _link(root, f"{base}/coupons"),
        "consignments": _link(root, f"{base}/consignments"),
    }
