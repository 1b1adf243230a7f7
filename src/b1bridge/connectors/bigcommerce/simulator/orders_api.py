"""The order endpoints of V2, and the transactions of V3."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .answers import answer, moment_of, page_of, rfc2822, v2_error, v2_list, v3_error
from .order_json import (
    STATUSES,
    coupons_json,
    fees_json,
    order_json,
    product_json,
    shipping_address_json,
    taxes_json,
    transaction_json,
)
from .records import Order
from .store import Store

_SORTS = {
    "id": lambda order: order.id,
    "customer_id": lambda order: (order.customer_id, order.id),
    "date_created": lambda order: (order.created, order.id),
    "date_modified": lambda order: (order.modified, order.id),
    "status_id": lambda order: (order.status_id, order.id),
}
_EQUALS: dict[str, Callable[[Order], Any]] = {
    "status_id": lambda order: order.status_id,
    "customer_id": lambda order: order.customer_id,
    "email": lambda order: order.billing.get("email", ""),
    "external_order_id": lambda order: order.external_order_id,
}
_MAX_ID = str(2**31)
_NEVER = datetime.min.replace(tzinfo=UTC)
_ALWAYS = datetime.max.replace(tzinfo=UTC)


class OrdersApi:
    """Answers about orders from the store's state."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the order routes; sub-resources answer under both spellings of their path."""
        one = "/v2/orders/{order_id:int}"
        return [
            Route("/v2/orders", self._list),
            Route(one, self._read, methods=["GET"]),
            Route(one, self._update, methods=["PUT"]),
            Route(f"{one}/products", self._products),
            Route(f"{one}/shipping_addresses", self._shipping_addresses),
            Route(f"{one}/shippingaddresses", self._shipping_addresses),
            Route(f"{one}/coupons", self._coupons),
            Route(f"{one}/taxes", self._taxes),
            Route(f"{one}/fees", self._fees),
            Route("/v3/orders/{order_id:int}/transactions", self._transactions),
        ]

    async def _list(self, request: Request) -> Response:
        found = list(filter(_filter(request.query_params), self._store.orders.values()))
        key, _, direction = request.query_params.get("sort", "id").partition(":")
        if key not in _SORTS:
            return v2_error(400, f"The field '{key}' cannot be sorted by")
        found.sort(key=_SORTS[key], reverse=direction == "desc")
        rows = page_of(request.query_params, found)
        response = v2_list([order_json(o, self._store.root, **_fees(request)) for o in rows])
        if rows:
            response.headers["last-modified"] = rfc2822(max(o.modified for o in rows))
        return response

    async def _read(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return _missing()
        return answer(order_json(order, self._store.root, **_fees(request)))

    async def _update(self, request: Request) -> Response:
        order, changes = self._order(request), json.loads(await request.body())
        if order is None:
            return _missing()
        unknown = set(changes) - {"external_order_id", "staff_notes", "status_id"}
        if unknown:
            return v2_error(501, f"The simulator does not change {sorted(unknown)}")
        if changes.get("status_id", order.status_id) not in STATUSES:
            return v2_error(400, "The field 'status_id' is invalid.")
        self._store.touch(order, "store/order/updated")
        for name, value in changes.items():
            setattr(order, name, value)
        return answer(order_json(order, self._store.root))

    async def _products(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return _missing()
        lines = page_of(request.query_params, order.lines)
        return v2_list([product_json(order, line) for line in lines])

    async def _shipping_addresses(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return _missing()
        rows = [shipping_address_json(order, self._store.root)] if order.shipping_address else []
        return v2_list(page_of(request.query_params, rows))

    async def _coupons(self, request: Request) -> Response:
        order = self._order(request)
        return _missing() if order is None else self._page(request, coupons_json(order))

    async def _taxes(self, request: Request) -> Response:
        order = self._order(request)
        return _missing() if order is None else self._page(request, taxes_json(order))

    async def _fees(self, request: Request) -> Response:
        order = self._order(request)
        return _missing() if order is None else answer({"fees": fees_json(order)})

    async def _transactions(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return v3_error(404, f"Order {request.path_params['order_id']} was not found.")
        rows = [transaction_json(order, t) for t in order.transactions]
        return answer({"data": rows, "meta": {}}) if rows else Response(status_code=204)

    def _order(self, request: Request) -> Order | None:
        return self._store.orders.get(request.path_params["order_id"])

    @staticmethod
    def _page(request: Request, rows: list[dict[str, Any]]) -> Response:
        return v2_list(page_of(request.query_params, rows))


def _filter(query: QueryParams) -> Callable[[Order], bool]:
    """Read the filters once; there may be tens of thousands of orders to hold against them."""
    same = {name: read for name, read in _EQUALS.items() if name in query}
    lowest, highest = int(query.get("min_id", "0")), int(query.get("max_id", _MAX_ID))
    modified = _span(query, "date_modified")
    created = _span(query, "date_created")

    def wanted(order: Order) -> bool:
        return (
            not order.is_deleted
            and lowest <= order.id <= highest
            # Answers carry whole seconds, so bounds compare in whole seconds too.
            and modified[0] <= order.modified.replace(microsecond=0) <= modified[1]
            and created[0] <= order.created.replace(microsecond=0) <= created[1]
            and all(str(read(order)) == query[name] for name, read in same.items())
        )

    return wanted


def _span(query: QueryParams, name: str) -> tuple[datetime, datetime]:
    low, high = query.get(f"min_{name}"), query.get(f"max_{name}")
    return moment_of(low) if low else _NEVER, moment_of(high) if high else _ALWAYS


def _fees(request: Request) -> dict[str, bool]:
    return {"with_fees": "fees" in request.query_params.get("include", "").split(",")}


def _missing() -> Response:
    return v2_error(404, "The requested resource was not found.")
