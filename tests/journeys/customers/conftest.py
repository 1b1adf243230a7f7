"""A store, a company and a hub between them that makes shoppers business partners."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import httpx
import pytest
from tests.journeys.conftest import connects

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.domain.identity import Ref
from b1bridge.testing.patience import QUICK
from b1sim.company import clerk
from b1sim.world import World

CROSSWALKS = {
    "tax": {"20": "A20", "0": "A0"},
    "freight": {"shipping": "1"},
    "payment_method": {"stripe/credit_card": "transfer:_SYS00000000203"},
}
_READING = {"GET", "HEAD"}
_NO_WRITES = ("/Login", "/Logout", "/SQLQueries", "/CompanyService_GetAdminInfo")


@dataclass
class Counting(httpx.AsyncBaseTransport):
    """A line that counts what is written over it."""

    line: httpx.AsyncBaseTransport
    writes: Counter = field(default_factory=Counter)

    async def handle_async_request(self, request):
        path = request.url.path
        if request.method not in _READING and not any(word in path for word in _NO_WRITES):
            self.writes[f"{request.method} {path}"] += 1
        return await self.line.handle_async_request(request)


@dataclass
class Town:
    """Everybody who is there, and the lines between them."""

    hub: Hub
    store: Simulator
    sap: World
    lines: dict[str, Counting]

    def orders(self, email, **told):
        return self.store.shopper_orders([("MUG", 1, "4.00", "20")], email=email, **told)

    async def look(self, sync, kind, *ids):
        for id_ in ids:
            await self.hub.start(sync, Ref("shop", kind, str(id_)), "tester")
        await self.settled()

    async def settled(self, seconds=120.0):
        async with asyncio.timeout(seconds):
            while not await self.hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.02)

    def partners(self):
        return {row["CardCode"]: row for row in self.sap.company.query("BusinessPartners")}

    def posted_to(self, order):
        (found,) = [
            invoice["CardCode"]
            for invoice in self.sap.company.query("Invoices")
            if invoice["NumAtCard"] == f"shop/order/{order}"
        ]
        return found

    def written(self):
        return sum((line.writes for line in self.lines.values()), Counter())


@pytest.fixture
def sap():
    with World(seed=False) as world:
        clerk.add_item(world.company, "MUG", stock="1000", cost="1.00")
        yield world


@pytest.fixture
def store():
    simulator = Simulator()
    simulator.adds_product("MUG", 1000)
    return simulator


@pytest.fixture
async def town(tmp_path, store, sap):
    lines = {
        "shop": Counting(httpx.ASGITransport(store.app)),
        "books": Counting(sap.transport()),
    }
    async with await Hub.open(tmp_path, transports=lines, parts=Parts(patience=QUICK)) as hub:
        await connects(hub, store, sap, CROSSWALKS)
        both = {"source": "shop", "target": "books"}
        await hub.add_sync("orders", flow="order-to-invoice", **both)
        await hub.add_sync("payments", flow="payment-to-incoming-payment", **both)
        await hub.add_sync("customers", flow="customer-to-business-partner", **both)
        await hub.start_worker(schedule=False)
        yield Town(hub, store, sap, lines)
