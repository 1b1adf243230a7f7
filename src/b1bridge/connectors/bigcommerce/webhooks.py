"""From a webhook to the records it speaks of; pure (storefronts.md 1.7)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from b1bridge.connectors.bigcommerce.client import SYSTEM
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.domain.identity import Ref
from b1bridge.errors import ContractBroken, Untrusted
from b1bridge.sdk import standard_webhooks
from b1bridge.sdk.connector import Notice
from b1bridge.sdk.reading import read, read_json

SCOPES = ("store/order/*", "store/shipment/*", "store/customer/*")
"""What we ask to be told of."""


class Stub(BaseModel):
    """The body of a webhook: which record, never what is in it."""

    scope: str
    producer: str
    data: dict[str, Any]
    hash: str = ""


def notices(
    connection: str,
    settings: Settings,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> list[Notice]:
    """Return the order or customer to look at; nothing for scopes that concern neither.

    Refunds, transactions and shipments name their order.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    delivery = _delivery(settings, lowered, body, now)
    stub = read(Stub, read_json(body, system=SYSTEM, record="webhook"), system=SYSTEM)
    if stub.producer != f"stores/{settings.store_hash}":
        msg = f"the notice comes from {stub.producer}, not from stores/{settings.store_hash}"
        raise Untrusted(msg, system=SYSTEM)
    found = _subject(stub)
    if found is None:
        return []
    kind, number = found
    delivery = delivery or f"{stub.hash}@{now.isoformat()}"
    return [Notice(delivery, Ref(connection, kind, number))]


def _delivery(settings: Settings, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the sender's id of the delivery, or nothing for one known by the custom header.

    The body's own hash is no identity: two changes within one second may share it.
    """
    if standard_webhooks.is_signed(headers):
        key = settings.client_secret.get_secret_value().encode()
        return standard_webhooks.verify(key, headers, body, now)
    _check_custom_header(settings, headers)
    return ""


def _check_custom_header(settings: Settings, headers: Mapping[str, str]) -> None:
    """Accept the shared secret that the hook was made to echo."""
    offered = headers.get(settings.webhook_header.lower(), "").encode()
    secret = settings.webhook_secret
    expected = secret.get_secret_value().encode() if secret else b""
    if not expected or not hmac.compare_digest(offered, expected):
        msg = "the notice is neither signed nor does it carry our custom header"
        raise Untrusted(msg, system=SYSTEM)


def _subject(stub: Stub) -> tuple[str, str] | None:
    """Name the record to read; an event inside an order names its order, or is it."""
    data = stub.data
    if stub.scope.startswith(("store/order/", "store/shipment/")):
        found = data.get("orderId") or data.get("order_id") or data.get("id")
        return "order", _number(stub, found)
    if stub.scope.startswith("store/customer/address/"):
        return "customer", _number(stub, dict(data.get("address") or {}).get("customer_id"))
    if stub.scope in {"store/customer/created", "store/customer/updated"}:
        return "customer", _number(stub, data.get("id"))
    return None


def _number(stub: Stub, found: Any) -> str:
    if isinstance(found, bool) or not isinstance(found, int) or found <= 0:
        msg = f"{SYSTEM}: a {stub.scope} notice names no record"
        raise ContractBroken(msg, system=SYSTEM)
    return str(found)
