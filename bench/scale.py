"""b1sim on a company as large as they come: each kind of read and write, one after the other.

It lets a company file grow first, which takes a minute or two; BENCH_COMPANY names a file that
`b1sim grow` has made, to spare that. The file itself stays as it is.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from b1bridge.demo.processes import Child, Family, free_port
from b1sim.company.company import Company
from b1sim.company.growing import Size, grow, item, partner
from bench.figures import Figure, Say, peak_megabytes
from bench.world import folder

_SIZE = Size()
_LOGIN = {"CompanyDB": "SBODEMO", "UserName": "manager", "Password": "b1sim"}
_THREE = "$select=ItemCode,ItemName,QuantityOnStock"
_STOCK = (
    "select T0.ItemCode, T0.WhsCode, T0.OnHand, T0.IsCommited from OITW T0"
    " where T0.ItemCode > :a order by T0.ItemCode"
)
_QUERY = {"SqlCode": "bench", "SqlName": "bench", "SqlText": _STOCK}
_LINES = 25


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of request: its method, and its path or body by the number of the turn."""

    what: str
    path: Callable[[int], str]
    body: Callable[[int], dict[str, Any]] | None = None
    page: int = 500
    times: int = 20


def _document(number: int, lines: int) -> dict[str, Any]:
    rows = [{"ItemCode": item(25 * number + line), "Quantity": 1} for line in range(lines)]
    return {
        "CardCode": partner(number),
        "DocDueDate": "2099-12-01",
        "NumAtCard": f"bench-{number}",
        "DocumentLines": rows,
    }


_ASKS = (
    Ask("item, whole", lambda n: f"Items('{item(4000 * n)}')"),
    Ask("item, three fields", lambda n: f"Items('{item(4000 * n)}')?{_THREE}"),
    Ask("partner, whole", lambda n: f"BusinessPartners('{partner(2000 * n)}')"),
    Ask("order, whole", lambda n: f"Orders({300 * n + 1})"),
    Ask(
        "order by NumAtCard",
        lambda n: f"Orders?$select=DocEntry&$filter=NumAtCard eq 'GROWN-{300 * n:06d}'",
    ),
    Ask(
        "partner by mail",
        lambda n: (
            "BusinessPartners?$select=CardCode"
            f"&$filter=EmailAddress eq 'g{300 * n:06d}@example.com'"
        ),
    ),
    Ask("page of 500 items, three fields", lambda n: f"Items?{_THREE}&$skip={500 * n}"),
    Ask("the same far behind", lambda n: f"Items?{_THREE}&$skip={90000 + 400 * n}"),
    Ask(
        "key window of 500 items",
        lambda n: f"Items?{_THREE}&$orderby=ItemCode&$filter=ItemCode gt '{item(4000 * n)}'",
    ),
    Ask("page of 500 partners, whole", lambda _: "BusinessPartners", times=5),
    Ask("page of 500 items, whole", lambda _: "Items", times=3),
    Ask(
        "page of 500 orders, four fields",
        lambda _: "Orders?$select=DocEntry,DocNum,CardCode,DocTotal&$orderby=DocEntry",
    ),
    Ask("page of 20 orders, whole", lambda _: "Orders", page=20, times=5),
    Ask("count of all items", lambda _: "Items/$count"),
    Ask("SQL page of 500 rows", lambda n: f"SQLQueries('bench')/List?a='{item(3000 * n)}'"),
    Ask(
        "SQL page of 5000 rows",
        lambda n: f"SQLQueries('bench')/List?a='{item(3000 * n)}'",
        page=5000,
    ),
    Ask("post an order of 1 line", lambda _: "Orders", lambda n: _document(n, 1)),
    Ask(f"post an order of {_LINES} lines", lambda _: "Orders", lambda n: _document(n, _LINES)),
    Ask(f"post an invoice of {_LINES} lines", lambda _: "Invoices", lambda n: _document(n, _LINES)),
)


async def measure(say: Say) -> list[Figure]:
    """Ask for one thing after the other and tell the median of each."""
    with folder() as path, Family(path) as family:
        file = path / "company.db"
        found = _made(say, file)
        say("one request after the other")
        begun = time.perf_counter()
        async with _served(family, file) as (sap, http):
            found.append(_figure("start and login", time.perf_counter() - begun, "s"))
            (await http.post("SQLQueries", json=_QUERY)).raise_for_status()
            for ask in _ASKS:
                found.append(_figure(ask.what, 1000 * await _median(http, ask), "ms"))
            found.append(_figure("most memory", peak_megabytes(sap.pid), "MB"))
    return found


def _figure(what: str, value: float, unit: str) -> Figure:
    return Figure("scale", what, value, unit)


def _made(say: Say, file: Path) -> list[Figure]:
    if given := os.environ.get("BENCH_COMPANY"):
        shutil.copyfile(given, file)
        return []
    say(f"{_SIZE} grows")
    begun = time.perf_counter()
    company = Company.open(file, seed=False)
    try:
        grow(company, _SIZE, lambda *_: None)
    finally:
        company.close()
    return [
        _figure("growing", time.perf_counter() - begun, "s"),
        _figure("its file", file.stat().st_size / 1e6, "MB"),
    ]


@asynccontextmanager
async def _served(family: Family, file: Path) -> AsyncIterator[tuple[Child, httpx.AsyncClient]]:
    port = free_port()
    arguments = ["serve", "--port", str(port), "--data", str(file), "--tls", "none"]
    sap = family.start("sap", "b1sim", arguments)
    await sap.ready(port)
    root = f"http://127.0.0.1:{port}/b1s/v2/"
    async with httpx.AsyncClient(base_url=root, timeout=300) as http:
        (await http.post("Login", json=_LOGIN)).raise_for_status()
        yield sap, http


async def _median(http: httpx.AsyncClient, ask: Ask) -> float:
    """Return the seconds that half of the requests stay under."""
    took = []
    for number in range(ask.times):
        begun = time.perf_counter()
        (await _sent(http, ask, number)).raise_for_status()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


async def _sent(http: httpx.AsyncClient, ask: Ask, number: int) -> httpx.Response:
    if ask.body is not None:
        return await http.post(ask.path(number), json=ask.body(number))
    headers = {"Prefer": f"odata.maxpagesize={ask.page}"}
    return await http.get(ask.path(number), headers=headers)
