"""`POST /v1/orders/insert` and `POST /v1/orders/cancel`: each order has its own outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.order_status import OrderStatus, Progress
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.wire import SubmittedOrder
from b1bridge.domain.submissions import Verdict
from b1bridge.errors import BridgeError
from b1bridge.sdk.tokens import Scope
from b1bridge.web.api.bearer import actor_of
from b1bridge.web.api.exact_bodies import pointer_of
from b1bridge.web.api.preferences import patience_of
from b1bridge.web.compat.bearer import OlderNeeds
from b1bridge.web.compat.older_orders import OlderOrder, older_name, order_body
from b1bridge.web.compat.people import buyer_of, number_of
from b1bridge.web.compat.refusals import refuse
from b1bridge.web.compat.route import OlderRoute, body_of
from b1bridge.web.problems import Refusal

MOST_ORDERS = 100
_AT_ONCE = 8
_NO_NUMBER = "####"
_REFUSED = {
    Verdict.OTHER_BODY: "was sent before with other content: change it with PUT /v1/orders/{id}",
    Verdict.CANCELLED: "was cancelled: send it under another fe_order_id",
    Verdict.NO_SYNC: "cannot be taken: the operator has switched no flow of orders on",
    Verdict.UNKNOWN: "is not found",
}
_Writer = Annotated[Bearer, Depends(OlderNeeds(Scope.ORDERS_WRITE))]
Row = Mapping[str, Any]


class _Failed(Exception):
    """One order came to nothing; its words go into `tx_note`."""


def orders(hub: Hub) -> APIRouter:
    """Make the older paths that write orders."""
    router = APIRouter(route_class=OlderRoute)

    @router.post("/v1/orders/insert", status_code=HTTPStatus.CREATED)
    async def insert(bearer: _Writer, request: Request) -> list[dict[str, Any]]:
        """Post orders; what stands in the answer as F may be sent again, and is posted once."""
        return await _each(await body_of(request), lambda row: _inserted(hub, bearer, row), "S")

    @router.post("/v1/orders/cancel", status_code=HTTPStatus.CREATED)
    async def cancel(bearer: _Writer, request: Request) -> list[dict[str, Any]]:
        """Cancel orders; one that is cancelled already is cancelled."""
        return await _each(await body_of(request), lambda row: _cancelled(hub, bearer, row), "X")

    return router


async def _each(
    body: Any, work: Callable[[Row], Awaitable[str]], done: str
) -> list[dict[str, Any]]:
    """Do the same with every row, some at once; return the rows with what became of them."""
    if not isinstance(body, list) or not all(isinstance(row, Mapping) for row in body):
        refuse("the body is an array of orders")
    if len(body) > MOST_ORDERS:
        refuse(f"the body has {len(body)} orders; send {MOST_ORDERS} at most in one call")
    free = asyncio.Semaphore(_AT_ONCE)

    async def told(row: Row) -> dict[str, Any]:
        async with free:
            try:
                return {**row, "tx_status": done, "bo_order_id": await work(row)}
            except _Failed as failed:
                outcome = {"tx_status": "F", "bo_order_id": _NO_NUMBER, "tx_note": str(failed)}
                return {**row, **outcome}

    return await asyncio.gather(*(told(row) for row in body))


async def _inserted(hub: Hub, bearer: Bearer, row: Row) -> str:
    """Post one order and return its DocEntry."""
    order = await _read(hub, bearer, row)
    submitted = await hub.orders.submit(bearer.connection, order, actor=actor_of(bearer))
    if submitted.verdict not in {Verdict.NEW, Verdict.SAME}:
        raise _refused(submitted.verdict, order.reference)
    status = await _settled(hub, bearer, order.reference)
    if status.state is not Progress.POSTED:
        raise _Failed(_why(status))
    return _entry(status)


async def _cancelled(hub: Hub, bearer: Bearer, row: Row) -> str:
    """Cancel one order and return its DocEntry."""
    reference = _reference(row)
    submitted = await hub.orders.cancel(bearer.connection, reference, actor=actor_of(bearer))
    if submitted.verdict not in {Verdict.CANCELLED, Verdict.SAME}:
        raise _refused(submitted.verdict, reference)
    status = await _settled(hub, bearer, reference)
    if status.state is not Progress.CANCELLED:
        raise _Failed(_why(status))
    return _entry(status)


async def _read(hub: Hub, bearer: Bearer, row: Row) -> SubmittedOrder:
    try:
        older = OlderOrder.model_validate(row)
        body = order_body(older)
        order = SubmittedOrder.model_validate(body, context=bearer.settings)
    except ValidationError as error:
        raise _Failed("; ".join(_wrongs(error))) from error
    contact = await _contact(hub, bearer, older)
    if contact is None:
        return order
    customer = order.customer.model_copy(update={"contact": contact})
    return order.model_copy(update={"customer": customer})


async def _contact(hub: Hub, bearer: Bearer, older: OlderOrder) -> int | None:
    """Return the contact person of an order; one that was sent before keeps whom it had.

    An order goes without where nobody takes contacts, or while SAP is away.
    """
    before = await hub.orders.order(bearer.connection, older.fe_order_id)
    if before is not None:
        return SubmittedOrder.model_validate_json(before.body).customer.contact
    buyer = buyer_of(older)
    if buyer is None:
        return None
    try:
        return await number_of(hub, bearer, older.card_code, buyer)
    except (Refusal, BridgeError):
        return None


def _wrongs(error: ValidationError) -> list[str]:
    """Name every wrong field as the client does."""
    older = error.title == OlderOrder.__name__
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [f"{_named(one['loc'], older=older)}: {one['msg']}" for one in found]


def _named(place: tuple[int | str, ...], *, older: bool) -> str:
    if not older:
        return older_name(pointer_of(*place))
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).lstrip(".")


def _reference(row: Row) -> str:
    said = row.get("fe_order_id")
    if isinstance(said, bool) or not isinstance(said, str | int) or not str(said).strip():
        msg = "fe_order_id: the order's own number, please"
        raise _Failed(msg)
    return str(said)


async def _settled(hub: Hub, bearer: Bearer, reference: str) -> OrderStatus:
    status = await hub.orders.settled(bearer.connection, reference, patience_of(None, bearer))
    if status is None:
        raise _refused(Verdict.UNKNOWN, reference)
    return status


def _why(status: OrderStatus) -> str:
    """Say why an order has not come to what was asked, and what to do."""
    name = f"order {status.reference}"
    if status.state is Progress.REFUSED and status.case is not None:
        case = status.case
        return f"{case.message} ({case.reason}, case {case.id}): {case.fix}"
    if status.state is Progress.ACCEPTED:
        return (
            f"{name} is taken and not through yet: the hub goes on by itself. Send it again later "
            "to learn its number; it is entered once"
        )
    return f"{name} is {status.state.value}"


def _entry(status: OrderStatus) -> str:
    return str(status.documents[0].entry) if status.documents else ""


def _refused(verdict: Verdict, reference: str) -> _Failed:
    words = _REFUSED.get(verdict, f"is not taken ({verdict})")
    return _Failed(f"order {reference} {words.format(id=reference)}")
