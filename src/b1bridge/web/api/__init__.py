"""The REST façade: orders in, and what SAP knows out, for any client with a token."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from b1bridge.bootstrap import Hub
from b1bridge.web.api.availability import availability
from b1bridge.web.api.codes import codes
from b1bridge.web.api.contacts import contacts
from b1bridge.web.api.info import info
from b1bridge.web.api.items import items
from b1bridge.web.api.many_orders import many_orders
from b1bridge.web.api.openapi import description_of
from b1bridge.web.api.order_changes import order_changes
from b1bridge.web.api.order_list import order_list
from b1bridge.web.api.orders import orders
from b1bridge.web.api.partners import partners
from b1bridge.web.api.prices import prices
from b1bridge.web.api.shipments import shipments

_ROUTES = (
    orders,
    order_changes,
    many_orders,
    order_list,
    shipments,
    contacts,  # before partners, whose codes may hold slashes
    partners,
    items,
    prices,
    availability,
    codes,
    info,
)


def api(hub: Hub) -> APIRouter:
    """Put the routes of the façade together."""
    router = APIRouter(prefix="/v1", generate_unique_id_function=_name_of)
    for routes in _ROUTES:
        router.include_router(routes(hub))

    @cache
    def description() -> dict[str, Any]:
        return description_of(router)

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi() -> dict[str, Any]:
        """Describe every route, its body, and how it refuses; needs no token."""
        return description()

    return router


def _name_of(route: APIRoute) -> str:
    return route.name
