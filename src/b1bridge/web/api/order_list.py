"""Orders as a list, page by page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.order_desk import OrderDesk
from b1bridge.bootstrap.order_status import Progress, as_dict
from b1bridge.connectors.rest.fields import Moment
from b1bridge.web.api.cursors import cursor_of, parts_of
from b1bridge.web.api.order_documents import Orders
from b1bridge.web.api.orders import Reader

Customer = Annotated[
    str,
    Query(
        max_length=100,
        pattern=r"^[^\x00-\x1f]*$",
        description="an account of the books, or an e-mail",
    ),
]
Limit = Annotated[int, Query(ge=1, le=100)]


def order_list(hub: Hub) -> APIRouter:
    """Make the list of orders."""
    router = APIRouter(tags=["orders"])
    desk: OrderDesk = hub.orders

    @router.get("/orders", response_model=Orders)
    async def orders(
        bearer: Reader,
        state: Progress | None = None,
        since: Annotated[Moment | None, Query(description="received then or later")] = None,
        until: Annotated[Moment | None, Query(description="received before")] = None,
        customer: Customer = "",
        cursor: Annotated[str, Query(description="`next` of the page before")] = "",
        limit: Limit = 50,
    ) -> dict[str, Any]:
        """List orders as they came in; a page may be short, only `next` tells where it ends."""
        page = await desk.orders(
            bearer.connection,
            state=state,
            since=since,
            until=until,
            customer=customer,
            after=parts_of(cursor, int)[0] if cursor else 0,
            limit=limit,
        )
        following = None if page.next is None else cursor_of(page.next)
        return {"orders": [as_dict(status) for status in page.items], "next": following}

    return router
