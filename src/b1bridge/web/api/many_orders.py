"""Many orders in one call, each taken or refused by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.order_desk import OrderDesk
from b1bridge.bootstrap.order_status import as_dict
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.wire import SubmittedOrder
from b1bridge.domain.submissions import Submitted, Verdict
from b1bridge.web.api.bearer import actor_of
from b1bridge.web.api.bodies import JsonBody, checked
from b1bridge.web.api.order_answers import answer_to_order, check, unknown
from b1bridge.web.api.order_documents import EXAMPLE_ORDER, ManyOrders, Results
from b1bridge.web.api.orders import Writer
from b1bridge.web.api.preferences import IdempotencyKey, Prefer, key_of, patience_of
from b1bridge.web.problems import Refusal
from b1bridge.web.request_ids import request_id_of

Many = Annotated[ManyOrders, Depends(JsonBody(ManyOrders, example={"orders": [EXAMPLE_ORDER]}))]


def many_orders(hub: Hub) -> APIRouter:
    """Make the route for many orders at once."""
    router = APIRouter(tags=["orders"])
    desk: OrderDesk = hub.orders

    @router.post("/orders", response_model=Results, response_model_exclude_unset=True)
    async def send_orders(
        request: Request,
        bearer: Writer,
        many: Many,
        idempotency_key: IdempotencyKey = None,
        prefer: Prefer = None,
    ) -> dict[str, Any]:
        """Take up to a hundred orders; each gets the answer that it would have got alone.

        A key stands for each order together with its place in the list. The wait is shared.
        """
        key, within = key_of(idempotency_key), patience_of(prefer, bearer)
        taken = [
            await _taken(desk, bearer, order, f"{key}#{place}" if key else "")
            for place, order in enumerate(many.orders)
        ]
        waits = (_answered(desk, bearer, submitted, within) for submitted in taken)
        answers = await asyncio.gather(*waits)
        request_id = request_id_of(request.scope)
        named = zip(many.orders, answers, strict=True)
        return {"results": [_result(order, answer, request_id) for order, answer in named]}

    return router


async def _taken(desk: OrderDesk, bearer: Bearer, sent: Any, key: str) -> Submitted | Refusal:
    try:
        order, _ = checked(SubmittedOrder, sent, bearer.settings)
        submitted = await desk.submit(bearer.connection, order, key=key, actor=actor_of(bearer))
        check(submitted, Verdict.NEW)
    except Refusal as refusal:
        return refusal
    return submitted


async def _answered(
    desk: OrderDesk, bearer: Bearer, submitted: Submitted | Refusal, within: float
) -> dict[str, Any] | Refusal:
    """Wait until it is settled; return its status and the order as it stands."""
    if isinstance(submitted, Refusal):
        return submitted
    reference = submitted.ref.id
    status = await desk.settled(bearer.connection, reference, within)
    if status is None:
        return unknown(reference)
    try:
        answer = answer_to_order(status, submitted)
    except Refusal as refusal:
        return refusal
    replayed = submitted.verdict is Verdict.SAME
    return {"status": answer.status, "replayed": replayed, "order": as_dict(status)}


def _result(sent: Any, answer: dict[str, Any] | Refusal, request_id: str) -> dict[str, Any]:
    reference = sent.get("reference") if isinstance(sent, Mapping) else None
    named = {"reference": reference if isinstance(reference, str) else None}
    if isinstance(answer, Refusal):
        return {
            **named,
            "status": int(answer.kind.status),
            "problem": answer.document(request_id),
        }
    return {**named, **answer}
