"""Works finished orders off once more and counts what that changes in SAP: nothing."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from b1bridge.demo.settings import SHOP, Places
from b1bridge.demo.watch import Watch
from b1bridge.domain.identity import Ref

_WRITES = ("POST", "PATCH", "PUT", "DELETE")
# Sessions are no books, and a stored query is listed by POST.
_NO_BOOKS = {"POST Login", "POST Logout", "POST SQLQueries"}


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many orders were worked off again, and what SAP was asked to write for it."""

    orders: int = 0
    writes: int = 0


async def replay(watch: Watch, places: Places, orders: Sequence[int]) -> Replayed:
    """Start a run by hand for each order, as `b1bridge runs start` does, and compare."""
    async with sap_control(places) as control:
        before = await _writes(control)
        for order in orders:
            await watch.hub.start("orders", Ref(SHOP, "order", str(order)), "demo replay")
        await watch.until_idle()
        return Replayed(len(orders), await _writes(control) - before)


def sap_control(places: Places) -> httpx.AsyncClient:
    """Open b1sim's control door over the TLS that it serves everything with."""
    context = ssl.create_default_context(cafile=str(places.certificate))
    return httpx.AsyncClient(base_url=f"{places.sap_url}/control", verify=context, timeout=60)


async def _writes(control: httpx.AsyncClient) -> int:
    """Count the writes SAP was ever asked for, and the records it holds."""
    reply = await control.get("state")
    reply.raise_for_status()
    state = reply.json()
    asked = sum(
        number
        for request, number in state["requests"].items()
        if request.startswith(_WRITES) and request not in _NO_BOOKS
    )
    held: int = sum(state["records"].values())
    return int(asked) + held
