"""Asks the balancer whether it and its nodes are there, without a session (5.5)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken, Transient
from b1bridge.sdk import exact_json
from b1bridge.sdk.http import exchange


async def ping(http: httpx.AsyncClient, settings: ClientSettings, node: int | None = None) -> str:
    """Return who answered; the balancer, or a node by its number, from 1.

    Raises Transient where it is dead or does not exist, and ContractBroken before 9.3 PL10, which
    knows no ping.
    """
    place = "" if node is None else f"node/{node}"
    url = f"{settings.url}/ping/{place}"
    request = http.build_request("GET", url, timeout=settings.connect_timeout)
    response = await exchange(http, request, system=SYSTEM, read=True)
    said = _said(response)
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        msg = f"{SYSTEM}: {said.get('message', 'Service Unavailable')} (ping/{place})"
        raise Transient(msg, system=SYSTEM)
    if said.get("message") != "pong":
        msg = f"{SYSTEM}: {settings.url} does not answer a ping (HTTP {response.status_code})"
        raise ContractBroken(msg, system=SYSTEM)
    return str(said.get("sender", ""))


def _said(response: httpx.Response) -> dict[str, Any]:
    try:
        body = exact_json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
