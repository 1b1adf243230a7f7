"""A full stock comparison of a large company: nothing to push, then one SKU in a hundred."""

from __future__ import annotations

import time
from collections.abc import Iterable

import httpx

from b1bridge.demo.settings import BOOKS, Places
from b1bridge.demo.shop.settings import SHOP, ShopDemo
from b1bridge.demo.shop.shoppers import batches
from b1bridge.engine.records import Schedule
from bench.figures import Figure, Say, cpu_seconds, peak_megabytes
from bench.large import PIECES, WAREHOUSES, large_company, sku
from bench.orders import requests
from bench.world import World, folder, running

_ITEMS = 100_000


async def measure(say: Say) -> list[Figure]:
    """Measure both sweeps in one and the same hub."""
    with folder() as path:
        places, settings = Places(path), ShopDemo(folder=path, count=1)
        say(f"a company of {_ITEMS} items in {len(WAREHOUSES)} warehouses")
        books = large_company(settings, places.company, _ITEMS)
        async with running(settings, places, books) as world:
            await _declare(world)
            say(f"{_ITEMS} products in the shop")
            await _offer(world, range(_ITEMS), PIECES * len(WAREHOUSES))
            say("comparing, nothing to push")
            equal = await _swept(world, "nothing to push")
            await _offer(world, range(0, _ITEMS, 100), 7)
            say("comparing, 1 % to push")
            return equal + await _swept(world, "1 % to push")


async def _declare(world: World) -> None:
    """Compare all warehouses, and only when we ask for it."""
    await world.hub.add_sync(
        "stock",
        flow="stock-to-shop",
        source=BOOKS,
        target=SHOP,
        options={"warehouses": list(WAREHOUSES)},
        schedule=Schedule(),
    )
    await world.watch.until_idle()


async def _offer(world: World, numbers: Iterable[int], stock: int) -> None:
    async with httpx.AsyncClient(base_url=world.places.front_url, timeout=300) as http:
        for some in batches(list(numbers), 5000):
            acts = [["adds_product", {"sku": sku(number), "stock": stock}] for number in some]
            (await http.post("/control/bulk", json=acts)).raise_for_status()


async def _swept(world: World, name: str) -> list[Figure]:
    pid = world.children["hub"].pid
    asked, cpu, begun = await requests(world), cpu_seconds(pid), time.perf_counter()
    await world.hub.sync_now("stock")
    await world.watch.until_idle()
    seconds, cpu = time.perf_counter() - begun, cpu_seconds(pid) - cpu
    asked = await requests(world) - asked
    run, *_ = await world.hub.runs(sync="stock", limit=1)
    rows = _ITEMS * len(WAREHOUSES)
    return [
        Figure("stock", name, seconds, "s"),
        Figure("stock", f"{name}, SAP's rows", rows / seconds, "rows/s"),
        Figure("stock", f"{name}, CPU of hub", cpu, "s"),
        Figure("stock", f"{name}, most memory of hub", peak_megabytes(pid), "MB"),
        Figure("stock", f"{name}, requests to SAP", asked, ""),
        Figure("stock", f"{name}, SKUs compared", run.figures.get("compared", 0), ""),
        Figure("stock", f"{name}, SKUs pushed", run.figures.get("pushed", 0), ""),
    ]
