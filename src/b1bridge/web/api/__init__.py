"""The REST façade: orders in, and what SAP knows out, for any client with a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from b1bridge.bootstrap import Hub
from b1bridge.web.api.openapi import description_of


def api(hub: Hub, clock: Callable[[], datetime]) -> APIRouter:
    """Put the routes of the façade together; `clock` tells when something came in."""
    del hub, clock
    router = APIRouter(prefix="/v1", generate_unique_id_function=_name_of)

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
