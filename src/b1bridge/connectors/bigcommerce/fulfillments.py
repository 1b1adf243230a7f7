"""Shows shoppers what has left: shipments (storefronts.md 1.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from b1bridge.connectors.bigcommerce.client import PAGE, SYSTEM
from b1bridge.connectors.bigcommerce.orders import Orders
from b1bridge.connectors.bigcommerce.wire import PRODUCTS, SHIPMENTS, WireProduct, WireShipment
from b1bridge.domain.identity import Ref
from b1bridge.domain.shipments import Fulfillment
from b1bridge.errors import NeedsOperator, Rejected
from b1bridge.sdk.reading import read, read_all

# Providers that BigCommerce knows itself; any other carrier is one of AfterShip's.
_PROVIDERS = {
    "auspost", "canadapost", "endicia", "usps", "fedex", "ups", "upsready", "upsonline",
    "shipperhq", "royalmail",
}  # fmt: skip
_MAX_TRACKING = 50
_MARK = re.compile(r"[^\s/]+/[a-z_-]+/\S+")


class Fulfillments(Orders):
    """The FulfillmentTarget of one store; every new shipment makes BigCommerce write an e-mail."""

    async def fulfillments(self, order: Ref) -> tuple[Fulfillment, ...]:
        """Return the order's shipments, oldest first; our mark is the first word of a comment."""
        pages = self._client.v2_pages(f"v2/orders/{order.id}/shipments")
        record = f"shipments of {order}"
        found = [
            one
            async for page in pages
            for one in read_all(SHIPMENTS, page, system=SYSTEM, record=record)
        ]
        return tuple(_told(one, order) for one in sorted(found, key=lambda one: one.id))

    async def fulfill(self, fulfillment: Fulfillment) -> str:
        """Enter a shipment; NeedsOperator (SEVERAL_ADDRESSES) when its goods go to two places."""
        order = fulfillment.order
        path = f"v2/orders/{order.id}/shipments"
        address = await self._address_of(fulfillment)
        payload = {"order_address_id": address, "items": _items(fulfillment)}
        payload |= _label(fulfillment)
        made = await self._client.post(path, payload)
        return str(read(WireShipment, made, system=SYSTEM, record=f"shipment of {order}").id)

    async def correct(self, id_: str, fulfillment: Fulfillment) -> None:
        """Change carrier, tracking and mark; BigCommerce lets nobody change the goods."""
        path = f"v2/orders/{fulfillment.order.id}/shipments/{id_}"
        await self._client.put(path, _label(fulfillment))

    async def withdraw(self, id_: str, fulfillment: Fulfillment) -> None:
        """Delete a shipment; the order keeps its status, which a person may set back."""
        try:
            await self._client.delete(f"v2/orders/{fulfillment.order.id}/shipments/{id_}")
        except Rejected as exc:
            if exc.code != "404":
                raise

    async def _address_of(self, fulfillment: Fulfillment) -> int:
        order = fulfillment.order
        rows = await self._client.get(f"v2/orders/{order.id}/products", {"limit": PAGE})
        products = read_all(PRODUCTS, rows or [], system=SYSTEM, record=f"{order} products")
        shipped = [product for product in products if str(product.id) in fulfillment.lines]
        places = {product.order_address_id for product in shipped}
        if len(places) == 1:
            return places.pop()
        raise _no_one_address(fulfillment, shipped)


def _no_one_address(fulfillment: Fulfillment, shipped: list[WireProduct]) -> NeedsOperator:
    by_place: Mapping[int, list[str]] = {
        place: [p.sku or p.name for p in shipped if p.order_address_id == place]
        for place in sorted({product.order_address_id for product in shipped})
    }
    told = "; ".join(f"{', '.join(skus)} to address {place}" for place, skus in by_place.items())
    msg = f"{fulfillment.order}: {fulfillment.mark} brings {told or 'no line of the order'}"
    fix = (
        "enter one shipment for each address in the shop by hand, then ignore the case with "
        "their numbers as the reason"
    )
    return NeedsOperator(msg, reason="SEVERAL_ADDRESSES", fix=fix)


def _items(fulfillment: Fulfillment) -> list[dict[str, int]]:
    """Write whole pieces: BigCommerce knows no others."""
    broken = [q for q in fulfillment.lines.values() if q != q.to_integral_value()]
    if broken:
        msg = f"{fulfillment.order}: {fulfillment.mark} brings {broken[0]:f} pieces of a line"
        fix = (
            "correct the unit in the books' delivery and retry the case, or enter the shipment "
            "in the shop by hand and ignore the case with its number as the reason"
        )
        raise NeedsOperator(msg, reason="BAD_QUANTITY", fix=fix)
    return [
        {"order_product_id": int(line), "quantity": int(quantity)}
        for line, quantity in fulfillment.lines.items()
    ]


def _label(fulfillment: Fulfillment) -> dict[str, Any]:
    if len(fulfillment.tracking) > _MAX_TRACKING:
        msg = (
            f"{fulfillment.order}: BigCommerce takes {_MAX_TRACKING} characters of tracking, "
            f"{fulfillment.mark} has {len(fulfillment.tracking)}: {fulfillment.tracking}"
        )
        fix = "shorten the tracking number in the books, then retry the case"
        raise NeedsOperator(msg, reason="TRACKING_TOO_LONG", fix=fix)
    own = fulfillment.carrier in _PROVIDERS or fulfillment.carrier.startswith("carrier_")
    return {
        "tracking_number": fulfillment.tracking,
        "shipping_provider": fulfillment.carrier if own else "",
        "tracking_carrier": "" if own else fulfillment.carrier,
        "comments": fulfillment.mark,
    }


def _told(wire: WireShipment, order: Ref) -> Fulfillment:
    mark = _MARK.match(wire.comments)
    lines: dict[str, Decimal] = {}
    for item in wire.items:
        line = str(item.order_product_id)
        lines[line] = lines.get(line, Decimal(0)) + item.quantity
    return Fulfillment(
        order=order,
        lines=lines,
        carrier=wire.shipping_provider or wire.tracking_carrier,
        tracking=wire.tracking_number,
        mark=mark.group() if mark else "",
        id=str(wire.id),
    )
