"""Parcels that leave: what may be shipped and what it does to the order (storefronts.md 1.4).

Guesses: what was refunded may still be shipped; a shipment does not touch the status of an
order that was cancelled, declined or refunded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .answers import rfc2822
from .records import Line, Order, Shipment
from .refund_prices import Refused
from .store import Store

SHIPPED, PARTIALLY_SHIPPED = 2, 3
_SETTLED = {4, 5, 6, 14}
_MAX_TRACKING = 50
# orders.v2.oas2.yml, shipping_provider_standard; others are spelled carrier_{id}.
PROVIDERS = {
    "": "", "auspost": "Australia Post", "canadapost": "Canada Post", "endicia": "Endicia",
    "usps": "USPS", "fedex": "FedEx", "ups": "UPS", "upsready": "UPS Ready",
    "upsonline": "UPS Online", "shipperhq": "ShipperHQ", "royalmail": "Royal Mail",
}  # fmt: skip
_LABELS = {
    "tracking_number", "shipping_provider", "tracking_carrier", "tracking_link",
    "shipping_method", "merchant_shipping_cost", "comments",
}  # fmt: skip


def ship(store: Store, order: Order, address: int, items: Mapping[int, int], **label: Any) -> int:
    """Enter a shipment and return its id; Refused beyond what the order has left to ship."""
    _check(address == order.address_id, "The field 'order_address_id' is invalid.")
    _check(bool(items), "The field 'items' is invalid.")
    for number, quantity in items.items():
        _check_left(order, number, quantity)
    made = Shipment(next(store.ids), order.id, address, store.clock(), dict(items))
    _labelled(made, label)
    order.shipments.append(made)
    order.shipped = store.clock()
    order.modified = store.clock()
    _announce(store, made, "created")
    _advance(store, order)
    return made.id


def relabel(store: Store, order: Order, shipment: Shipment, label: Mapping[str, Any]) -> None:
    """Change tracking and the like; the goods in a shipment cannot be changed."""
    _check("items" not in label, "The field 'items' is not supported.")
    _labelled(shipment, {k: v for k, v in label.items() if k != "order_address_id"})
    order.modified = store.clock()
    _announce(store, shipment, "updated")


def withdraw(store: Store, order: Order, shipment: Shipment) -> None:
    """Delete a shipment; the order's status stays as it was (storefronts.md 1.4)."""
    order.shipments.remove(shipment)
    order.modified = store.clock()
    _announce(store, shipment, "deleted")


def quantity_shipped(order: Order, line: Line) -> int:
    """Count the pieces of a line that left."""
    return sum(shipment.items.get(line.id, 0) for shipment in order.shipments)


def items_shipped(order: Order) -> int:
    """Count the pieces of an order that left."""
    return sum(sum(shipment.items.values()) for shipment in order.shipments)


def shipment_json(order: Order, shipment: Shipment) -> dict[str, Any]:
    """Return a shipment as V2 shows it."""
    products = {line.id: line.product_id for line in order.lines}
    return {
        "id": shipment.id,
        "order_id": order.id,
        "customer_id": order.customer_id,
        "order_address_id": shipment.address_id,
        "date_created": rfc2822(shipment.created),
        **{name: getattr(shipment, name) for name in sorted(_LABELS)},
        "billing_address": dict(order.billing),
        "shipping_address": dict(order.shipping_address),
        "items": [
            {"order_product_id": line, "product_id": products.get(line, 0), "quantity": quantity}
            for line, quantity in shipment.items.items()
        ],
        "shipping_provider_display_name": PROVIDERS.get(shipment.shipping_provider, ""),
        "generated_tracking_link": _link(shipment),
    }


def _link(shipment: Shipment) -> str:
    carrier = shipment.shipping_provider or shipment.tracking_carrier
    if shipment.tracking_link or not (carrier and shipment.tracking_number):
        return ""
    return f"https://track.example/{carrier}/{shipment.tracking_number}"


def _check_left(order: Order, number: int, quantity: int) -> None:
    line = next((line for line in order.lines if line.id == number), None)
    if line is None:
        msg = f"Order product {number} is not of this order."
        raise Refused(msg, 400)
    left = line.quantity - quantity_shipped(order, line)
    _check(0 < quantity <= left, f"Order product {number} has {left} left to ship.")


def _labelled(shipment: Shipment, label: Mapping[str, Any]) -> None:
    unknown = set(label) - _LABELS
    _check(not unknown, f"The fields {sorted(unknown)} are not supported.")
    provider = label.get("shipping_provider", "")
    known = provider in PROVIDERS or provider.startswith("carrier_")
    _check(known, "The field 'shipping_provider' is invalid.")
    short = len(label.get("tracking_number", "")) <= _MAX_TRACKING
    _check(short, "The field 'tracking_number' is invalid.")
    for name, value in label.items():
        setattr(shipment, name, value)


def _advance(store: Store, order: Order) -> None:
    goods = [line for line in order.lines if line.kind == "physical"]
    whole = all(quantity_shipped(order, line) >= line.quantity for line in goods)
    status = SHIPPED if whole else PARTIALLY_SHIPPED
    if order.status_id in _SETTLED or order.status_id == status:
        return
    change = {"previous_status_id": order.status_id, "new_status_id": status}
    order.status_id = status
    store.touch(order, "store/order/statusUpdated", status=change)


def _announce(store: Store, shipment: Shipment, what: str) -> None:
    """Tell as the published examples do (webhooks-docs/store_shipment_*.json)."""
    data = {"type": "shipment", "id": shipment.id, "orderId": shipment.order_id}
    store.announce(f"store/shipment/{what}", data)


def _check(holds: bool, title: str) -> None:  # noqa: FBT001 - it is what is checked
    if not holds:
        raise Refused(title, 400)
