"""Looks at a connection: token, scopes, the store, and whether its notices reach us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx

from b1bridge.connectors.bigcommerce.client import Client
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.connectors.bigcommerce.webhooks import SCOPES
from b1bridge.errors import BridgeError, ConnectionBroken
from b1bridge.sdk.connector import Finding
from b1bridge.sdk.doctor import sick, well
from b1bridge.sdk.door import look_at_the_door

# What we read or write, and the OAuth scope that an operator ticks for it.
_PROBES = {
    "v2/orders": "Orders: modify",
    "v3/customers": "Customers: read-only",
    "v3/inventory/items": "Store Inventory: modify",
}


async def doctor(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Yield findings; without a store that answers, nothing further is asked."""
    client = Client(settings, http)
    try:
        store = await client.get("v2/store")
    except BridgeError as exc:
        yield _no_store(exc)
        return
    yield _about(store)
    try:
        yield await _clock(client)
        for path, scope in _PROBES.items():
            yield await _scope(client, path, scope)
        yield await _transactions(client)
        async for finding in _hooks(client, settings, http):
            yield finding
    except BridgeError as exc:
        yield sick("store", str(exc), "the store stopped answering; look again later")


def _no_store(exc: BridgeError) -> Finding:
    if isinstance(exc, ConnectionBroken):
        fix = "enter the access token of an API account of this very store, with its scopes"
        return sick("token", str(exc), fix)
    return sick("store", str(exc), "check the store hash and this machine's way to the internet")


def _about(store: dict[str, Any]) -> Finding:
    prices = "with" if store.get("is_price_entered_with_tax") else "without"
    text = f"{store.get('name')} sells in {store.get('currency')}, prices {prices} tax"
    return well("store", text)


async def _clock(client: Client) -> Finding:
    """Compare clocks: signed notices are refused when they are more than five minutes apart."""
    theirs = (await client.get("v2/time"))["time"]
    apart = abs(datetime.now(UTC).timestamp() - theirs)
    text = f"this machine and the store differ by {apart:.0f} s"
    if apart > 60:  # noqa: PLR2004 - a fifth of what signatures allow
        return sick("clock", text, "let this machine take its time from a time server")
    return well("clock", text)


async def _scope(client: Client, path: str, scope: str) -> Finding:
    try:
        await client.get(path, {"limit": 1})
    except ConnectionBroken as exc:
        return sick(f"scope {scope}", str(exc), f"give the API account the scope '{scope}'")
    except BridgeError as exc:
        return sick(f"scope {scope}", str(exc), "look again later; the store did not answer")
    return well(f"scope {scope}", f"{path} can be read")


async def _transactions(client: Client) -> Finding:
    """Transactions can only be asked for by order, so one order must be there to ask about."""
    scope = "Order Transactions: read-only"
    try:
        orders = await client.get("v2/orders", {"limit": 1})
        if not orders:
            return well(f"scope {scope}", "not looked at: the store has no order yet")
        await client.get(f"v3/orders/{orders[0]['id']}/transactions")
    except BridgeError as exc:
        return sick(f"scope {scope}", str(exc), f"give the API account the scope '{scope}'")
    return well(f"scope {scope}", "transactions can be read")


async def _hooks(
    client: Client, settings: Settings, http: httpx.AsyncClient
) -> AsyncIterator[Finding]:
    """Look at our door and for our webhooks; a store that is only polled needs neither."""
    if not settings.webhook_url:
        yield well(
            "webhooks",
            "polled only: notices are not set up, changes are found when a sync looks "
            "(`b1bridge sync list` tells how often)",
        )
        return
    yield await look_at_the_door(http, settings.webhook_url)
    ours = [
        hook
        async for page in client.v3_pages("v3/hooks")
        for hook in page
        if hook["destination"] == settings.webhook_url
    ]
    for scope in SCOPES:
        yield _hook(scope, [hook for hook in ours if hook["scope"] == scope])


def _hook(scope: str, found: list[dict[str, Any]]) -> Finding:
    check = f"webhook {scope}"
    if not found:
        return sick(check, "not registered", "register it as the README of this connector shows")
    if not any(hook["is_active"] for hook in found):
        # BigCommerce switches a hook off when its deliveries keep failing (storefronts.md 1.7).
        fix = "make the inbound door reachable from the internet, then set is_active again"
        return sick(check, "switched off: BigCommerce could not deliver to us", fix)
    return well(check, "registered and active")
