"""The share of SAP's own capacity that whole orders reach when SAP is as slow as published.

b1sim has no scale for its seconds, so there are few orders. Its table begins at 20 requests
in work; what it takes at four is its interpolation.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from b1bridge.demo.settings import Places
from b1bridge.demo.shop.books import open_books
from b1bridge.demo.shop.settings import ShopDemo
from bench.figures import Figure, Say
from bench.orders import plain, stocked, trade
from bench.world import World, folder, running, sap_client

_ORDERS = 40
_AT_ONCE = 4
"""What the connector keeps in SAP at the same time, unless its settings say otherwise."""
_FIELDS = "CardCode,DocDate,DocumentLines"
_LINE = ("ItemCode", "Quantity", "UnitPrice", "VatGroup", "WarehouseCode")


async def measure(say: Say) -> list[Figure]:
    """Let the hub post whole orders, then post the same invoices past it."""
    with folder() as path:
        settings = ShopDemo(folder=path, count=_ORDERS, latency="published")
        places = Places(path)
        books = open_books(settings, places.company)
        carts = list(plain(books, None))
        async with running(settings, places, books) as world:
            await stocked(world)
            say(f"{len(carts)} orders by the hub, SAP as slow as published")
            by_hub = await trade(world, carts)
            invoices = await _posted(world)
            say(f"the same {len(invoices)} invoices, {_AT_ONCE} at once, without the hub")
            bare = await _again(world, invoices)
    done = len(invoices)
    share = 100 * (done / by_hub) / (done / bare)
    return [
        Figure("latency", f"bare loop, {_AT_ONCE} at once", done / bare, "invoices/s"),
        Figure("latency", "whole orders by the hub", done / by_hub, "invoices/s"),
        Figure("latency", "share of SAP's capacity", share, "%"),
    ]


async def _posted(world: World) -> list[dict[str, Any]]:
    """Return what the hub has posted, as payloads for posting it once more."""
    async with sap_client(world.places, world.keys.company) as http:
        found = await http.get(
            "/b1s/v2/Invoices",
            params={"$select": _FIELDS, "$filter": "startswith(NumAtCard,'web/order/')"},
            headers={"Prefer": "odata.maxpagesize=1000"},
        )
    return [_payload(row) for row in found.json()["value"]]


def _payload(row: dict[str, Any]) -> dict[str, Any]:
    lines = [{name: line[name] for name in _LINE} for line in row["DocumentLines"]]
    return {"CardCode": row["CardCode"], "DocDate": row["DocDate"], "DocumentLines": lines}


async def _again(world: World, invoices: list[dict[str, Any]]) -> float:
    waiting = iter(invoices)

    async def post(http: httpx.AsyncClient) -> None:
        for invoice in waiting:
            (await http.post("/b1s/v2/Invoices", json=invoice)).raise_for_status()

    async with sap_client(world.places, world.keys.company) as http:
        begun = time.perf_counter()
        await asyncio.gather(*(post(http) for _ in range(_AT_ONCE)))
        return time.perf_counter() - begun
