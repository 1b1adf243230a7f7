"""b1sim alone: what its three heaviest requests cost, and how it starts on a large file."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import httpx

from b1bridge.connectors.sap_b1.stock import stock_sql
from b1bridge.demo.processes import Family
from b1bridge.demo.settings import Places
from b1bridge.demo.shop.settings import ShopDemo
from bench.figures import Figure, Say, cpu_seconds
from bench.large import PARTNER, WAREHOUSES, large_company, sku
from bench.world import folder, sap_client, start_sap

_ITEMS = 100_000
_PAGE = 5000
Ask = Callable[[int], Awaitable[httpx.Response]]


async def measure(say: Say) -> list[Figure]:
    """Measure on one company of 100,000 items in four warehouses."""
    with folder() as path:
        places, settings = Places(path), ShopDemo(folder=path, count=1)
        say(f"a company of {_ITEMS} items in {len(WAREHOUSES)} warehouses")
        books = large_company(settings, places.company, _ITEMS)
        with Family(path) as family:
            sap, seconds = await start_sap(family, places, "none")
            started = Figure("sap", f"start with {_ITEMS} items", seconds, "s")
            async with sap_client(places, books.company) as http:
                return [started, *await _requests(say, http, sap.pid)]


async def _requests(say: Say, http: httpx.AsyncClient, pid: int) -> list[Figure]:
    await _define_query(http)
    say("small reads")
    found = await _asked(pid, "read of 3 fields", 300, lambda n: _read(http, n))
    say("invoices of 25 lines")
    found += await _asked(pid, "invoice of 25 lines", 60, lambda n: _invoice(http, n))
    say("pages of 5000 rows")
    return found + await _asked(pid, f"SQL page of {_PAGE} rows", 20, lambda n: _page(http, n))


async def _asked(pid: int, name: str, times: int, ask: Ask) -> list[Figure]:
    cpu, begun = cpu_seconds(pid), time.perf_counter()
    for number in range(times):
        (await ask(number)).raise_for_status()
    seconds, cpu = time.perf_counter() - begun, cpu_seconds(pid) - cpu
    return [
        Figure("sap", name, times / seconds, "requests/s"),
        Figure("sap", f"{name}, CPU of b1sim", cpu / times * 1000, "ms/request"),
    ]


async def _define_query(http: httpx.AsyncClient) -> None:
    query = {"SqlCode": "bench", "SqlName": "bench", "SqlText": stock_sql(len(WAREHOUSES))}
    (await http.post("/b1s/v2/SQLQueries", json=query)).raise_for_status()


async def _read(http: httpx.AsyncClient, number: int) -> httpx.Response:
    params = {"$select": "ItemCode,ItemName,QuantityOnStock"}
    return await http.get(f"/b1s/v2/Items('{sku(number)}')", params=params)


async def _invoice(http: httpx.AsyncClient, number: int) -> httpx.Response:
    lines = [
        {"ItemCode": sku(25 * number + n), "Quantity": 1, "UnitPrice": 4.2, "VatGroup": "A20"}
        for n in range(25)
    ]
    return await http.post("/b1s/v2/Invoices", json={"CardCode": PARTNER, "DocumentLines": lines})


async def _page(http: httpx.AsyncClient, number: int) -> httpx.Response:
    places = {f"w{n}": f"'{name}'" for n, name in enumerate(WAREHOUSES)}
    params = {"after": f"'{sku(number * _PAGE // len(WAREHOUSES))}'", **places}
    headers = {"Prefer": f"odata.maxpagesize={_PAGE}"}
    return await http.get("/b1s/v2/SQLQueries('bench')/List", params=params, headers=headers)
