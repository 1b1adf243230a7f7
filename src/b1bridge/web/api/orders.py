"""Orders: sent, asked for, listed, changed and called off."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.order_desk import OrderDesk
from b1bridge.bootstrap.order_status import OrderStatus, Progress, as_dict
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.fields import Moment
from b1bridge.connectors.rest.wire import SubmittedOrder
from b1bridge.domain.submissions import Verdict
from b1bridge.sdk.tokens import Scope
from b1bridge.web import problem_types
from b1bridge.web.api.bearer import Needs
from b1bridge.web.api.bodies import JsonBody
from b1bridge.web.api.cursors import cursor_of, parts_of
from b1bridge.web.api.openapi import refusals
from b1bridge.web.api.order_answers import (
    answer_to_change,
    answer_to_order,
    answer_to_question,
    check,
    etag_of,
    unknown,
)
from b1bridge.web.api.order_documents import EXAMPLE_ORDER, Order, Orders
from b1bridge.web.api.preferences import (
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    Prefer,
    is_known,
    key_of,
    patience_of,
    version_of,
)
from b1bridge.web.problems import Refusal, WrongField

Writer = Annotated[Bearer, Depends(Needs(Scope.ORDERS_WRITE))]
Reader = Annotated[Bearer, Depends(Needs(Scope.ORDERS_READ))]
Sent = Annotated[SubmittedOrder, Depends(JsonBody(SubmittedOrder, example=EXAMPLE_ORDER))]
Reference = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~:-]{0,63}$")]
Customer = Annotated[
    str,
    Query(
        max_length=100,
        pattern=r"^[^\x00-\x1f]*$",
        description="an account of the books, or an e-mail",
    ),
]
Limit = Annotated[int, Query(ge=1, le=100)]

_TAG = {"ETag": {"schema": {"type": "string"}, "description": "the version told, for If-Match"}}
_PLACE = {"Location": {"schema": {"type": "string"}, "description": "where its status is told"}}


def _told(text: str, **headers: Any) -> dict[str, Any]:
    return {"model": Order, "description": text, "headers": {**_TAG, **headers}}


_TO_ORDERS: dict[int | str, dict[str, Any]] = {
    200: _told("Nothing is to be posted: called off, or left out by the sync's options", **_PLACE),
    201: _told("Posted: DocEntry and DocNum are in `documents`", **_PLACE),
    202: _told("Taken, and not posted yet: ask again at Location", **_PLACE),
    **refusals(
        problem_types.ORDER_EXISTS,
        problem_types.KEY_REUSED,
        problem_types.ORDER_REFUSED,
        problem_types.NOT_SET_UP,
    ),
}
_TO_CHANGES: dict[int | str, dict[str, Any]] = {
    200: _told("The books have followed"),
    202: _told("Taken; the books follow later"),
    **refusals(
        problem_types.UNKNOWN_RECORD,
        problem_types.ORDER_CANCELLED,
        problem_types.CHANGED_MEANWHILE,
        problem_types.ORDER_REFUSED,
    ),
}
_TO_CANCELLING: dict[int | str, dict[str, Any]] = {
    200: _told("Called off, in the books too"),
    202: _told("Taken; the books follow later"),
    **refusals(problem_types.UNKNOWN_RECORD, problem_types.ORDER_REFUSED),
}
_TO_QUESTIONS: dict[int | str, dict[str, Any]] = {
    200: _told("How it stands"),
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
        status = await _settled(desk, bearer, order.reference, prefer)
        return answer_to_order(status, submitted).response(response.headers)

    @router.get("/orders/{reference}", responses=_TO_QUESTIONS)
    async def order(
        bearer: Reader, reference: Reference, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Tell how an order stands."""
        status = _known(await desk.order(bearer.connection, reference), reference)
        if is_known(if_none_match, etag_of(status)):
            return Response(status_code=304, headers={"ETag": etag_of(status)})
        return answer_to_question(status).response()

    @router.put("/orders/{reference}", responses=_TO_CHANGES)
    async def change_order(
        bearer: Writer,
        reference: Reference,
        order: Sent,
        response: Response,
        if_match: IfMatch = None,
        prefer: Prefer = None,
    ) -> Response:
        """Let another body stand for an order; its documents follow by the rules of the books."""
        if order.reference != reference:
            raise _other_reference(order.reference, reference)
        submitted = await desk.replace(
            bearer.connection,
            reference,
            order,
            version=version_of(if_match),
            actor=actor_of(bearer),
        )
        check(submitted, Verdict.REPLACED)
        status = await _settled(desk, bearer, reference, prefer)
        return answer_to_change(status).response(response.headers)

    @router.post("/orders/{reference}/cancel", responses=_TO_CANCELLING)
    async def cancel_order(bearer: Writer, reference: Reference, prefer: Prefer = None) -> Response:
        """Call an order off; what was posted of it is cancelled by the rules of the books."""
        submitted = await desk.cancel(bearer.connection, reference, actor=actor_of(bearer))
        check(submitted, Verdict.CANCELLED)
        status = await _settled(desk, bearer, reference, prefer)
        return answer_to_change(status).response()

    return router


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


def actor_of(bearer: Bearer) -> str:
    """Return how the trail calls whoever holds the token."""
    return f"token:{bearer.token_name}"


async def _settled(
    desk: OrderDesk, bearer: Bearer, reference: str, prefer: str | None
) -> OrderStatus:
    within = patience_of(prefer, bearer)
    return _known(await desk.settled(bearer.connection, reference, within), reference)


def _known(status: OrderStatus | None, reference: str) -> OrderStatus:
    if status is None:
        raise unknown(reference)
    return status


def _other_reference(sent: str, reference: str) -> Refusal:
    detail = f"the body is about {sent}, and the address about {reference}"
    return Refusal(problem_types.INVALID_BODY, detail, errors=[WrongField("/reference", detail)])
