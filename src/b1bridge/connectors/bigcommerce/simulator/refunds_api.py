"""Refund quotes and refunds (orders.v3.yml)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import refunding
from .answers import CODES, answer, moment_of, page_of, v3_error
from .records import Order, Refund, RefundItem, RefundPayment
from .refund_prices import Asked, Quote, Refused, quote
from .store import Store

_NAMES = {"storecredit": "Store Credit", "custom": "Custom", "bankdeposit": "Bank Deposit"}


class RefundsApi:
    """Prices, makes and lists refunds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Return the refund routes."""
        one = "/v3/orders/{order_id:int}/payment_actions"
        every = "/v3/orders/payment_actions/refunds"
        return [
            Route(every, self._list),
            Route(f"{every}/{{refund_id:int}}", self._read),
            Route(f"{one}/refund_quotes", self._quote, methods=["POST"]),
            Route(f"{one}/refunds", self._make, methods=["POST"]),
            Route(f"{one}/refunds", self._of_order, methods=["GET"]),
        ]

    async def _quote(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return v3_error(422, "The order does not exist", {"order_id": "unknown"})
        try:
            quoted = quote(self._store, order, asked_from(await _body(request)))
        except Refused as exc:
            return v3_error(exc.status, exc.title, {"items": exc.title})
        return answer({"data": _quote_json(order, quoted), "meta": {}}, 201)

    async def _make(self, request: Request) -> Response:
        order = self._order(request)
        if order is None:
            return _refused("The order does not exist")
        body = await _body(request)
        payments = [
            (row["provider_id"], exact(row["amount"]), row.get("offline", False))
            for row in body.get("payments", [])
        ]
        try:
            made = refunding.make(
                self._store,
                order,
                asked_from(body),
                payments,
                settles=not self._store.gateway_is_slow,
            )
        except Refused as exc:
            return _refused(exc.title, exc.status)
        return answer({"data": refund_json(made), "meta": {}}, 201)

    async def _of_order(self, request: Request) -> Response:
        order = self._order(request)
        found = order.refunds if order else []
        wanted = request.query_params.get("transaction_id")
        return _listed(refund for refund in found if _moved(refund, wanted))

    async def _list(self, request: Request) -> Response:
        query = request.query_params
        every = (refund for order in self._store.orders.values() for refund in order.refunds)
        found = sorted((r for r in every if _wanted(query, r)), key=lambda refund: refund.id)
        return _listed(page_of(query, found))

    async def _read(self, request: Request) -> Response:
        number = request.path_params["refund_id"]
        every = (refund for order in self._store.orders.values() for refund in order.refunds)
        found = next((refund for refund in every if refund.id == number), None)
        if found is None:
            return v3_error(404, f"Refund {number} was not found.")
        return answer({"data": _alone(found), "meta": {}})

    def _order(self, request: Request) -> Order | None:
        return self._store.orders.get(request.path_params["order_id"])


def asked_from(body: Mapping[str, Any]) -> Asked:
    """Read what a request asks to be refunded."""
    override = body.get("merchant_calculated_override")
    adjustment = body.get("tax_adjustment_amount")
    return Asked(
        tuple(_item(row) for row in body.get("items", [])),
        exact(adjustment) if adjustment else None,
        (exact(override["total_amount"]), exact(override["total_tax"])) if override else None,
    )


def exact(amount: Any) -> Decimal:
    """Read a JSON number as it was written."""
    return Decimal(str(amount))


def refund_json(refund: Refund) -> dict[str, Any]:
    """Return a refund; V3 amounts are numbers."""
    payload = {
        "id": refund.id,
        "order_id": refund.order_id,
        "user_id": 0,
        "created": refund.created.isoformat(),
        "reason": refund.reason,
        "total_amount": float(refund.amount),
        "total_tax": float(refund.tax),
        "uses_merchant_override_values": refund.overridden,
        "items": [_item_json(item) for item in refund.items],
        "payments": [_payment_json(payment) for payment in refund.payments],
    }
    return payload | refund.raw


def _alone(refund: Refund) -> dict[str, Any]:
    """Spell one refund as the document of the single resource does: amounts asked are text."""
    payload = refund_json(refund)
    for item in payload["items"]:
        asked = item.get("requested_amount")
        item["requested_amount"] = None if asked is None else f"{asked:.2f}"
        item.pop("adjustments", None)
    for payment in payload["payments"]:
        payment.pop("transaction_id", None)
    return payload


def _item(row: Mapping[str, Any]) -> RefundItem:
    rows = row.get("adjustments", [])
    return RefundItem(
        row["item_type"],
        int(row["item_id"]),
        int(row.get("quantity", 0)) if row["item_type"] in {"PRODUCT", "GIFT_WRAPPING"} else 0,
        exact(row["amount"]) if "amount" in row else None,
        row.get("reason", ""),
        tuple((exact(a["amount"]), a.get("description", "")) for a in rows),
    )


def _item_json(item: RefundItem) -> dict[str, Any]:
    payload: dict[str, Any] = {"item_type": item.type, "item_id": item.id, "reason": item.reason}
    if item.quantity:
        payload["quantity"] = item.quantity
    elif item.amount is not None:
        payload["requested_amount"] = float(item.amount)
    if item.adjustments:
        payload["adjustments"] = [
            {"amount": float(amount), "description": text} for amount, text in item.adjustments
        ]
    return payload


def _payment_json(payment: RefundPayment) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "id": payment.id,
        "provider_id": payment.provider,
        "amount": float(payment.amount),
        "offline": payment.offline,
        "is_declined": payment.declined,
        "declined_message": payment.declined_message,
    }
    named = payment.transaction is not None
    return payload | ({"transaction_id": str(payment.transaction)} if named else {})


def _quote_json(order: Order, quoted: Quote) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "total_refund_amount": float(quoted.amount),
        "total_refund_tax_amount": float(quoted.tax),
        "order_level_refund_amount": float(quoted.order_level),
        "rounding": 0,
        "adjustment": float(quoted.adjustment),
        "tax_inclusive": True,
        "refund_methods": [[_option(part) for part in way] for way in quoted.methods],
    }


def _option(payment: RefundPayment) -> dict[str, Any]:
    reason = "This is an offline payment provider." if payment.offline else ""
    return {
        "provider_id": payment.provider,
        "provider_description": _NAMES.get(payment.provider, payment.provider),
        "amount": float(payment.amount),
        "offline": payment.offline,
        "offline_provider": payment.offline,
        "offline_reason": reason,
    }


def _wanted(query: QueryParams, refund: Refund) -> bool:
    low, high = query.get("created:min"), query.get("created:max")
    return (
        _among(query.get("order_id:in"), refund.order_id)
        and _among(query.get("id:in"), refund.id)
        and (low is None or moment_of(low) <= refund.created)
        and (high is None or refund.created <= moment_of(high))
        and _moved(refund, query.get("transaction_id"))
    )


def _moved(refund: Refund, transaction: str | None) -> bool:
    return transaction is None or any(str(p.transaction) == transaction for p in refund.payments)


def _among(wanted: str | None, number: int) -> bool:
    return wanted is None or str(number) in wanted.split(",")


def _listed(refunds: Iterable[Refund]) -> Response:
    """Send refunds; the document tells of no pagination in `meta`."""
    return answer({"data": [refund_json(refund) for refund in refunds], "meta": {}})


def _refused(title: str, status: int = 422) -> Response:
    """Refuse as the document of this one endpoint does: the error lies in `data`."""
    return answer({"data": [{"status": status, "title": title, "type": CODES}]}, status)


async def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(await request.body())
    return body
