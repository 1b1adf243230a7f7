"""Our client and b1sl-python at the same work on the same b1sim, in turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from importlib.util import find_spec
from typing import Any

from b1bridge.demo.processes import Family
from b1bridge.demo.settings import Places
from b1bridge.demo.shop.settings import ShopDemo
from b1bridge.demo.shop.shoppers import batches
from bench.clients import Client, b1sl, ours
from bench.figures import Figure, Say
from bench.large import PARTNER, large_company, sku
from bench.world import folder

_ITEMS = 100_000
_ORDERS = 2000
_AT_ONCE = 16
_IN_A_BATCH = 50
_TURNS = 3
Open = Callable[[dict[str, str]], AbstractAsyncContextManager[Client]]
Work = Callable[[Client], Awaitable[None]]
Times = dict[str, tuple[float, float]]
"""By client, the seconds of its best turn: by the clock, and of this process's CPU."""


async def measure(say: Say) -> list[Figure]:
    """Let both read all items, and create so many orders each way."""
    with folder() as path, Family(path) as family:
        places = Places(path)
        say(f"a company of {_ITEMS} items")
        books = large_company(ShopDemo(folder=path, count=1), places.company, _ITEMS)
        await _serve(family, places)
        login = {
            "url": f"http://127.0.0.1:{places.sap_port}",
            "company_db": books.company,
            "user": "manager",
            "password": "b1sim",
        }
        async with AsyncExitStack() as stack:
            clients = {
                name: await stack.enter_async_context(crew(login))
                for name, crew in _crews(say).items()
            }
            return [
                figure
                for what, work in _WORKS.items()
                for figure in _figures(what, await _raced(say, what, work, clients))
            ]


def _crews(say: Say) -> dict[str, Open]:
    if find_spec("b1sl"):
        return {"ours": ours, "b1sl-python": b1sl}
    say("b1sl-python is not installed here; requirements.lock has it")
    return {"ours": ours}


async def _serve(family: Family, places: Places) -> None:
    arguments = ["--port", str(places.sap_port), "--data", str(places.company), "--tls", "none"]
    await family.start("sap", "b1sim", ["serve", *arguments]).ready(places.sap_port)


async def _raced(say: Say, what: str, work: Work, clients: dict[str, Client]) -> Times:
    """Let them take turns, so that what else the machine does meets all; the best turn counts."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in clients}
    for _ in range(_TURNS):
        for name, client in clients.items():
            say(f"{what}, {name}")
            begun, cpu = time.perf_counter(), time.process_time()
            await work(client)
            times[name].append((time.perf_counter() - begun, time.process_time() - cpu))
    return {name: min(took) for name, took in times.items()}


async def _read(client: Client) -> None:
    if (found := await client.read()) < _ITEMS:
        msg = f"{found} items were read of {_ITEMS}"
        raise RuntimeError(msg)


async def _one_by_one(client: Client) -> None:
    for order in _orders():
        await client.create(order)


async def _at_once(client: Client) -> None:
    waiting = iter(_orders())

    async def work() -> None:
        for order in waiting:
            await client.create(order)

    await asyncio.gather(*(work() for _ in range(_AT_ONCE)))


async def _batched(client: Client) -> None:
    for some in batches(_orders(), _IN_A_BATCH):
        await client.create_all(some)


_WORKS: dict[str, Work] = {
    f"read {_ITEMS} items": _read,
    f"{_ORDERS} creates, one by one": _one_by_one,
    f"{_ORDERS} creates, {_AT_ONCE} at once": _at_once,
    f"{_ORDERS} creates, {_IN_A_BATCH} in a batch": _batched,
}


def _orders() -> list[dict[str, Any]]:
    line = {"Quantity": 1, "UnitPrice": 5}
    return [
        {
            "CardCode": PARTNER,
            "DocDueDate": "2099-12-01",
            "DocumentLines": [line | {"ItemCode": sku(number)}],
        }
        for number in range(_ORDERS)
    ]


def _figures(work: str, times: Times) -> list[Figure]:
    found = [
        figure
        for name, (seconds, cpu) in times.items()
        for figure in (
            Figure("client", f"{work}, {name}", seconds, "s"),
            Figure("client", f"{work}, {name}, CPU", cpu, "s"),
        )
    ]
    if "b1sl-python" in times:
        ratio = times["b1sl-python"][0] / times["ours"][0]
        found.append(Figure("client", f"{work}, b1sl-python / ours", ratio, "times"))
    return found
