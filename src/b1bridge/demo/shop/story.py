"""The story that the demo tells: shoppers order, trouble comes, and the books tie all the same."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
from rich.progress import Progress

from b1bridge.bootstrap import Hub
from b1bridge.demo.hubs import start_hub, start_workers
from b1bridge.demo.processes import Family
from b1bridge.demo.sap import fingerprint_of, send_sap_away, start_sap
from b1bridge.demo.settings import Places
from b1bridge.demo.shop.books import Books, open_books
from b1bridge.demo.shop.carts import Cart
from b1bridge.demo.shop.configuring import Keys, configure
from b1bridge.demo.shop.evidence import gather
from b1bridge.demo.shop.proof import Evidence, order_of, prove
from b1bridge.demo.shop.replay import Replayed, replay
from b1bridge.demo.shop.report import Report
from b1bridge.demo.shop.settings import SHOP, ShopDemo
from b1bridge.demo.shop.shoppers import Shop, batches
from b1bridge.demo.watch import Watch

BATCH = 50


async def tell(settings: ShopDemo, progress: Progress) -> Report:
    """Run the whole demo in child processes and return what it came to."""
    places = Places(settings.folder)
    places.home.mkdir(parents=True, exist_ok=True)
    books = open_books(settings, places.company)
    with Family(settings.folder) as family:
        await _start_worlds(family, settings, places)
        async with await Hub.open(
            places.home, database_url=settings.database_url, executor="demo"
        ) as hub:
            keys = Keys(fingerprint_of(places), company=books.company)
            await configure(hub, settings, places, keys, books.chart)
            hub_processes = [
                await start_hub(family, settings, places),
                *start_workers(family, settings, places),
            ]
            started = time.monotonic()
            watch = Watch(hub, progress)
            placed = await _trade(watch, settings, places, books)
            await _settle(watch)
            seconds = time.monotonic() - started
            evidence, cases = await gather(hub, places, keys, books, placed)
            counts = await hub.counts()
            for process in hub_processes:
                process.stop()
            replayed = await _replay(family, watch, settings, places, evidence)
        family.stop()
        return Report(
            proof=prove(evidence),
            replayed=replayed,
            currency=settings.currency,
            seconds=seconds,
            cpu_seconds=family.cpu_seconds,
            cases=Counter(case.reason for case in cases),
            peak_megabytes=family.peak_megabytes,
            counts=counts,
        )


async def _start_worlds(family: Family, settings: ShopDemo, places: Places) -> None:
    sap = start_sap(family, settings, places)
    shop = family.start(
        "shop",
        "b1bridge.connectors.bigcommerce.simulator",
        ["--port", str(places.front_port), "--currency", settings.currency],
    )
    await sap.ready(places.sap_port)
    await shop.ready(places.front_port)


async def _trade(watch: Watch, settings: ShopDemo, places: Places, books: Books) -> dict[int, Cart]:
    """Let every order come in, with doubled, shuffled and lost notices and SAP away once."""
    placed: dict[int, Cart] = {}
    async with _open_shop(places) as shop:
        await shop.offer(books.wares)
        await watch.hub.sync_now("stock")
        await watch.until_idle()
        ordering = watch.progress.add_task("orders placed", total=len(books.carts))
        away_after = len(books.carts) * 2 // 5
        for carts in batches(books.carts, BATCH):
            if settings.away_seconds and len(placed) <= away_after < len(placed) + len(carts):
                await send_sap_away(places, settings.away_seconds)
            placed |= await shop.take_orders(carts)
            await _give_back(shop, books, placed, since=len(placed) - len(carts))
            await _post(shop, settings, places, seed=len(placed))
            watch.progress.update(ordering, completed=len(placed))
            await watch.look()
    return placed


async def _give_back(shop: Shop, books: Books, placed: Mapping[int, Cart], *, since: int) -> None:
    """Let shoppers give back what they gave back once so many carts were placed."""
    due = [given for given in books.given_back if since < given.after <= len(placed)]
    if due:
        await shop.give_back(due, {cart.number: id_ for id_, cart in placed.items()})


async def _post(shop: Shop, settings: ShopDemo, places: Places, *, seed: int) -> None:
    await shop.post_notices(
        f"{places.hub_url}/notices/{SHOP}",
        copies=settings.copies,
        shuffle=settings.seed + seed,
        drop=settings.lost_notices,
    )


@asynccontextmanager
async def _open_shop(places: Places) -> AsyncIterator[Shop]:
    async with httpx.AsyncClient(base_url=places.front_url, timeout=120) as http:
        yield Shop(http)


async def _replay(
    family: Family, watch: Watch, settings: ShopDemo, places: Places, evidence: Evidence
) -> Replayed:
    """Let a hub that has just been started work finished orders off again."""
    finished = sorted(id_ for id_ in map(order_of, evidence.references) if id_ is not None)
    if not settings.replay:
        return Replayed()
    again = await start_hub(family, settings, places, "hub again")
    try:
        return await replay(watch, places, finished[: settings.replay])
    finally:
        again.stop()


async def _settle(watch: Watch) -> None:
    """Find what no notice told of, wait until all is worked off, then bring the stock in step."""
    await watch.until_idle()
    await watch.hub.sync_now("orders")
    await watch.until_idle()
    await watch.hub.sync_now("stock")
    await watch.until_idle()
