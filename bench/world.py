"""SAP, a shop and a hub in processes of their own, without any of the demo's trouble."""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from rich.console import Console
from rich.progress import Progress

from b1bridge.bootstrap import Hub
from b1bridge.demo.processes import Child, Family
from b1bridge.demo.sap import fingerprint_of
from b1bridge.demo.settings import Places
from b1bridge.demo.shop.books import Books
from b1bridge.demo.shop.configuring import Keys, configure
from b1bridge.demo.shop.settings import SHOP, ShopDemo
from b1bridge.demo.shop.shoppers import Shop
from b1bridge.demo.watch import Watch

_USER, _PASSWORD = "manager", "b1sim"


@dataclass(frozen=True, slots=True)
class World:
    """Everything that runs, and a second hub on the same database to look in."""

    places: Places
    keys: Keys
    books: Books
    family: Family
    hub: Hub
    children: dict[str, Child]

    @property
    def watch(self) -> Watch:
        """Return what waits until the hub has nothing left to do."""
        return Watch(self.hub, Progress(console=Console(quiet=True)))

    @asynccontextmanager
    async def shop(self) -> AsyncIterator[Shop]:
        """Open the shop's control door."""
        async with httpx.AsyncClient(base_url=self.places.front_url, timeout=300) as http:
            yield Shop(http)

    async def post_notices(self, shop: Shop) -> None:
        """Deliver every notice once, in order."""
        url = f"{self.places.hub_url}/notices/{SHOP}"
        await shop.post_notices(url, copies=1, shuffle=1, drop=0.0)


@contextmanager
def folder() -> Iterator[Path]:
    """Lend a folder for databases and logs."""
    with TemporaryDirectory(prefix="b1bridge-bench-") as path:
        yield Path(path)


@asynccontextmanager
async def running(settings: ShopDemo, places: Places, books: Books) -> AsyncIterator[World]:
    """Start all three, connected as in the demo."""
    places.home.mkdir(parents=True, exist_ok=True)
    with Family(settings.folder) as family:
        sap, _ = await start_sap(family, places, settings.latency)
        simulator = "b1bridge.connectors.bigcommerce.simulator"
        shop = family.start("shop", simulator, ["--port", str(places.front_port)])
        await shop.ready(places.front_port)
        async with await Hub.open(places.home, executor="bench") as hub:
            keys = Keys(fingerprint_of(places), company=books.company)
            await configure(hub, settings, places, keys, books.chart)
            serve = ["serve", "--port", str(places.hub_port)]
            concurrency = ["--concurrency", str(settings.concurrency)]
            home = ["--home", str(places.home)]
            served = family.start("hub", "b1bridge.cli", [*home, *serve, *concurrency])
            await served.ready(places.hub_port)
            children = {"hub": served, "b1sim": sap, "shop": shop}
            yield World(places, keys, books, family, hub, children)


async def start_sap(family: Family, places: Places, latency: str) -> tuple[Child, float]:
    """Start b1sim on its company file; return it and the seconds until it listened."""
    begun = time.perf_counter()
    arguments = [
        "serve", "--port", str(places.sap_port), "--data", str(places.company), "--control",
        "--latency", latency, "--cert-out", str(places.certificate),
    ]  # fmt: skip
    sap = family.start("sap", "b1sim", arguments)
    await sap.ready(places.sap_port)
    return sap, time.perf_counter() - begun


@asynccontextmanager
async def sap_client(places: Places, company: str) -> AsyncIterator[httpx.AsyncClient]:
    """Log in to SAP past the hub."""
    trust = ssl.create_default_context(cafile=str(places.certificate))
    async with httpx.AsyncClient(base_url=places.sap_url, verify=trust, timeout=300) as http:
        login = {"CompanyDB": company, "UserName": _USER, "Password": _PASSWORD}
        (await http.post("/b1s/v2/Login", json=login)).raise_for_status()
        yield http
