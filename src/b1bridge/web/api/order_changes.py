"""Orders changed and called off; what was posted of them follows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.order_desk import OrderDesk
from b1bridge.domain.submissions import Verdict
from b1bridge.web import problem_types
from b1bridge.web.api.bearer import actor_of
from b1bridge.web.api.openapi import refusals
from b1bridge.web.api.order_answers import answer_to_change, check
from b1bridge.web.api.orders import Reference, Sent, Writer, settled, told
from b1bridge.web.api.preferences import IfMatch, Prefer, version_of
from b1bridge.web.problems import Refusal, WrongField

_TO_CHANGES: dict[int | str, dict[str, Any]] = {
    200: told("The books have followed"),
    202: told("Taken; the books follow later"),
    **refusals(
        problem_types.UNKNOWN_RECORD,
        problem_types.ORDER_CANCELLED,
        problem_types.CHANGED_MEANWHILE,
        problem_types.ORDER_REFUSED,
    ),
}
_TO_CANCELLING: dict[int | str, dict[str, Any]] = {
    200: told("Called off, in the books too"),
    202: told("Taken; the books follow later"),
    **refusals(problem_types.UNKNOWN_RECORD, problem_types.ORDER_REFUSED),
}


def order_changes(hub: Hub) -> APIRouter:
    """Make the routes that change an order."""
    router = APIRouter(tags=["orders"])
    desk: OrderDesk = hub.orders

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
        status = await settled(desk, bearer, reference, prefer)
        return answer_to_change(status).response(response.headers)

    @router.post("/orders/{reference}/cancel", responses=_TO_CANCELLING)
    async def cancel_order(bearer: Writer, reference: Reference, prefer: Prefer = None) -> Response:
        """Call an order off; what was posted of it is cancelled by the rules of the books."""
        submitted = await desk.cancel(bearer.connection, reference, actor=actor_of(bearer))
        check(submitted, Verdict.CANCELLED)
        status = await settled(desk, bearer, reference, prefer)
        return answer_to_change(status).response()

    return router


def _other_reference(sent: str, reference: str) -> Refusal:
    detail = f"the body is about {sent}, and the address about {reference}"
    return Refusal(problem_types.INVALID_BODY, detail, errors=[WrongField("/reference", detail)])
