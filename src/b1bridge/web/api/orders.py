"""Orders: sent, and asked for one by one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.order_desk import OrderDesk
from b1bridge.bootstrap.order_status import OrderStatus
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.wire import SubmittedOrder
from b1bridge.domain.submissions import Verdict
from b1bridge.sdk.tokens import Scope
from b1bridge.web import problem_types
from b1bridge.web.api.bearer import Needs, actor_of
from b1bridge.web.api.bodies import JsonBody
from b1bridge.web.api.openapi import refusals
from b1bridge.web.api.order_answers import (
    answer_to_order,
    answer_to_question,
    check,
    etag_of,
    unknown,
)
from b1bridge.web.api.order_documents import EXAMPLE_ORDER, Order
from b1bridge.web.api.preferences import (
    IdempotencyKey,
    IfNoneMatch,
    Prefer,
    is_known,
    key_of,
    patience_of,
)

Writer = Annotated[Bearer, Depends(Needs(Scope.ORDERS_WRITE))]
Reader = Annotated[Bearer, Depends(Needs(Scope.ORDERS_READ))]
Sent = Annotated[SubmittedOrder, Depends(JsonBody(SubmittedOrder, example=EXAMPLE_ORDER))]
Reference = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~:-]{0,63}$")]

_TAG = {"ETag": {"schema": {"type": "string"}, "description": "the version told, for If-Match"}}
_PLACE = {"Location": {"schema": {"type": "string"}, "description": "where its status is told"}}


def told(text: str, **headers: Any) -> dict[str, Any]:
    """Describe an answer that tells how an order stands."""
    return {"model": Order, "description": text, "headers": {**_TAG, **headers}}


_TO_ORDERS: dict[int | str, dict[str, Any]] = {
    200: told("Nothing is to be posted: called off, or left out by the sync's options", **_PLACE),
    201: told("Posted: DocEntry and DocNum are in `documents`", **_PLACE),
    202: told("Taken, and not posted yet: ask again at Location", **_PLACE),
    **refusals(
        problem_types.ORDER_EXISTS,
        problem_types.KEY_REUSED,
        problem_types.ORDER_REFUSED,
        problem_types.NOT_SET_UP,
    ),
}
_TO_QUESTIONS: dict[int | str, dict[str, Any]] = {
    200: told("How it stands"),
    304: {"description": "Nothing has changed since If-None-Match"},
    **refusals(problem_types.UNKNOWN_RECORD),
}


def orders(hub: Hub) -> APIRouter:
    """Make the routes for orders one by one."""
    router = APIRouter(tags=["orders"])
    desk: OrderDesk = hub.orders

    @router.post("/order", status_code=201, responses=_TO_ORDERS)
    async def send_order(
        bearer: Writer,
        order: Sent,
        response: Response,
        idempotency_key: IdempotencyKey = None,
        prefer: Prefer = None,
    ) -> Response:
        """Take an order, once for its reference and once for its Idempotency-Key.

        What is answered with 2xx or `order-refused` is on disk. The same order sent again gets
        the same answer, as the order stands by then.
        """
        key = key_of(idempotency_key)
        submitted = await desk.submit(bearer.connection, order, key=key, actor=actor_of(bearer))
        check(submitted, Verdict.NEW)
        status = await settled(desk, bearer, order.reference, prefer)
        return answer_to_order(status, submitted).response(response.headers)

    @router.get("/orders/{reference}", responses=_TO_QUESTIONS)
    async def order(
        bearer: Reader, reference: Reference, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Tell how an order stands."""
        status = known(await desk.order(bearer.connection, reference), reference)
        if is_known(if_none_match, etag_of(status)):
            return Response(status_code=304, headers={"ETag": etag_of(status)})
        return answer_to_question(status).response()

    return router


async def settled(
    desk: OrderDesk, bearer: Bearer, reference: str, prefer: str | None
) -> OrderStatus:
    """Tell how an order stands once it is settled, or when its sender has waited enough."""
    within = patience_of(prefer, bearer)
    return known(await desk.settled(bearer.connection, reference, within), reference)


def known(status: OrderStatus | None, reference: str) -> OrderStatus:
    """Return the status; refuse with 404 where nobody has sent the order."""
    if status is None:
        raise unknown(reference)
    return status
