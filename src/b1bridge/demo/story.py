"""The story that the demo tells: shoppers order, trouble comes, and the books tie all the same."""

from __future__ import annotations

import hashlib
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
from rich.progress import Progress

from b1bridge.bootstrap import Hub
from b1bridge.demo.books import Books, open_books
from b1bridge.demo.carts import Cart
from b1bridge.demo.configuring import Keys, configure
from b1bridge.demo.evidence import gather
from b1bridge.demo.processes import Child, Family
from b1bridge.demo.proof import Evidence, order_of, prove
from b1bridge.demo.replay import Replayed, replay, sap_control
from b1bridge.demo.report import Report
from b1bridge.demo.settings import SHOP, DemoSettings, Places
from b1bridge.demo.shoppers import Shop, batches
from b1bridge.demo.watch import Watch

BATCH = 50


async def tell(settings: DemoSettings, progress: Progress) -> Report:
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
                await _start_hub(family, settings, places),
                *_start_workers(family, settings, places),
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


def fingerprint_of(places: Places) -> str:
    """Return what to pin of the certificate that b1sim shows."""
    pem = places.certificate.read_text(encoding="ascii")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


async def _start_worlds(family: Family, settings: DemoSettings, places: Places) -> None:
    sap = family.start("sap", "b1sim", _sap_arguments(settings, places))
    shop = family.start(
        "shop",
        "b1bridge.connectors.bigcommerce.simulator",
        ["--port", str(places.shop_port), "--currency", settings.currency],
    )
    await sap.ready(places.sap_port)
    await shop.ready(places.shop_port)


def _sap_arguments(settings: DemoSettings, places: Places) -> list[str]:
    return [
        "serve", "--port", str(places.sap_port), "--data", str(places.company), "--control",
        "--latency", settings.latency, "--cert-out", str(places.certificate),
    ]  # fmt: skip


async def _start_hub(
    family: Family, settings: DemoSettings, places: Places, name: str = "hub"
) -> Child:
    what = ["serve", "--port", str(places.hub_port), "--concurrency", str(settings.concurrency)]
    hub = family.start(name, "b1bridge.cli", [*_where(settings, places), *what])
    await hub.ready(places.hub_port)
    return hub


def _start_workers(family: Family, settings: DemoSettings, places: Places) -> list[Child]:
    names = [f"worker {number}" for number in range(1, settings.workers + 1)]
    return [
        family.start(
            name,
            "b1bridge.cli",
            [
                *_where(settings, places),
                "worker",
                "--executor",
                name.replace(" ", "-"),
                "--concurrency",
                str(settings.concurrency),
            ],
        )
        for name in names
    ]


def _where(settings: DemoSettings, places: Places) -> list[str]:
    database = ["--database-url", settings.database_url] if settings.database_url else []
    return ["--home", str(places.home), *database]


async def _trade(
    watch: Watch, settings: DemoSettings, places: Places, books: Books
) -> dict[int, Cart]:
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
                await _send_sap_away(places, settings.away_seconds)
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


async def _post(shop: Shop, settings: DemoSettings, places: Places, *, seed: int) -> None:
    await shop.post_notices(
        f"{places.hub_url}/notices/{SHOP}",
        copies=settings.copies,
        shuffle=settings.seed + seed,
        drop=settings.lost_notices,
    )


@asynccontextmanager
async def _open_shop(places: Places) -> AsyncIterator[Shop]:
    async with httpx.AsyncClient(base_url=places.shop_url, timeout=120) as http:
        yield Shop(http)


async def _send_sap_away(places: Places, seconds: float) -> None:
    async with sap_control(places) as control:
        away = {"seconds": seconds, "mode": "503"}
        (await control.post("away", json=away)).raise_for_status()


async def _replay(
    family: Family, watch: Watch, settings: DemoSettings, places: Places, evidence: Evidence
) -> Replayed:
    """Let a hub that has just been started work finished orders off again."""
    finished = sorted(id_ for id_ in map(order_of, evidence.references) if id_ is not None)
    if not settings.replay:
        return Replayed()
    again = await _start_hub(family, settings, places, "hub again")
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
