"""Shipments of V2 (orders.v2.oas2.yml)."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import shipping
from .answers import answer, page_of, v2_error, v2_list
from .records import Order, Shipment
from .refund_prices import Refused
from .store import Store


class ShipmentsApi:
    """Enters, shows, corrects and deletes shipments."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the shipment routes."""
        every = "/v2/orders/{order_id:int}/shipments"
        one = f"{every}/{{shipment_id:int}}"
        return [
            Route(every, self._list, methods=["GET"]),
            Route(every, self._create, methods=["POST"]),
            Route(f"{every}/count", self._count),
            Route(one, self._read, methods=["GET"]),
            Route(one, self._update, methods=["PUT"]),
            Route(one, self._delete, methods=["DELETE"]),
        ]

    async def _list(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return _missing()
        rows = page_of(request.query_params, order.shipments)
        return v2_list([shipping.shipment_json(order, row) for row in rows])

    async def _create(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return _missing()
        body = json.loads(await request.body())
        items = {row["order_product_id"]: row["quantity"] for row in body.pop("items", [])}
        address = body.pop("order_address_id", 0)
        try:
            number = shipping.ship(self._store, order, address, items, **body)
        except Refused as exc:
            return v2_error(exc.status, exc.title)
        made = next(one for one in order.shipments if one.id == number)
        return answer(shipping.shipment_json(order, made), 201)

    async def _count(self, request: Request) -> Response:
        order = self._order(request)
        return _missing() if order is None else answer({"count": len(order.shipments)})

    async def _read(self, request: Request) -> Response:
        order, shipment = self._shipment(request)
        if order is None or shipment is None:
            return _missing()
        return answer(shipping.shipment_json(order, shipment))

    async def _update(self, request: Request) -> Response:
        order, shipment = self._shipment(request)
        if order is None or shipment is None:
            return _missing()
        body: dict[str, Any] = json.loads(await request.body())
        try:
            shipping.relabel(self._store, order, shipment, body)
        except Refused as exc:
            return v2_error(exc.status, exc.title)
        return answer(shipping.shipment_json(order, shipment))

    async def _delete(self, request: Request) -> Response:
        order, shipment = self._shipment(request)
        if order is None or shipment is None:
            return _missing()
        shipping.withdraw(self._store, order, shipment)
        return Response(status_code=204)

    def _order(self, request: Request) -> Order | None:
        return self._store.orders.get(request.path_params["order_id"])

    def _shipment(self, request: Request) -> tuple[Order | None, Shipment | None]:
        order, number = self._order(request), request.path_params["shipment_id"]
        found = order.shipments if order else []
        return order, next((one for one in found if one.id == number), None)


def _missing() -> Response:
    return v2_error(404, "The requested resource was not found.")
