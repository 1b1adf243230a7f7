"""A store, a company and the hub between them, all on one clock that a test moves."""

import asyncio
from dataclasses import dataclass
from datetime import UTC

import httpx
import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.domain.identity import Ref
from b1bridge.engine.records import Schedule
from b1bridge.engine.retry import Patience
from b1sim.company import clerk
from b1sim.world import World

QUICK = Patience(
    quick=1,
    quick_pause=0.01,
    budget=200,
    first_pause=1,
    longest_pause=30,
    unknown_pause=1,
    breaker_pause=5,
)
SWEEP = Ref("books", "all", "stock-to-shop")
CROSSWALKS = {
    "tax": {"20": "A20", "0": "A0"},
    "freight": {"shipping": "1"},
    "payment_method": {"stripe/credit_card": "transfer:_SYS00000000203"},
}


@dataclass
class Both:
    """Shop and books, and what a clerk or a shopper may do at each."""

    store: Simulator
    sap: World
    hub: Hub

    def offers(self, sku, *, stock="0", shows=0, **facts):
        """Put an item on sale on both sides."""
        clerk.add_item(self.sap.company, sku, stock=stock, cost="1.00", **facts)
        self.store.adds_product(sku, shows)

    def shows(self, sku):
        """Return what shoppers see."""
        return sum(self.store.store.products[sku].on_hand.values())

    def sold_in_sap(self, item, quantity, warehouse="01"):
        """Promise goods to somebody who ordered by telephone."""
        today = self.sap.clock().date().isoformat()
        lines = [{"ItemCode": item, "Quantity": quantity, "WarehouseCode": warehouse}]
        order = {"CardCode": "C1", "DocDueDate": today, "DocumentLines": lines}
        self.sap.company.create("Orders", order)

    async def knock(self, order):
        """Let the store tell the hub of an order."""
        headers, body = self.store.notice(order)
        await self.hub.accept("shop", headers, body, self.sap.clock())

    async def sells(self, *lines):
        """Let a shopper buy and pay, and the store say so."""
        order = self.store.shopper_orders([(sku, n, "10.00", "20") for sku, n in lines])
        self.store.pays(order)
        await self.knock(order)
        return order

    async def declares(self, name="stock", **options):
        """Switch a stock sync on that looks when a test says."""
        ends = {"source": "books", "target": "shop", "schedule": Schedule()}
        await self.hub.add_sync(name, flow="stock-to-shop", options=options, **ends)

    async def pushes(self, name="stock"):
        """Run a stock sync by its schedule, not by hand, and return what it said."""
        run = await self.hub.start(name, SWEEP, "")
        await self.settled()
        told = await self.hub.run(run)
        assert told.state == "finished", told.reason
        return told

    async def settled(self, seconds=30.0):
        async with asyncio.timeout(seconds):
            while not await self.hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.02)


@pytest.fixture
def sap():
    with World(seed=False) as world:
        clerk.add_partner(world.company, "C1", "Anna Ek")
        yield world


@pytest.fixture
def store(sap):
    return Simulator(prices_include_tax=False, clock=sap.clock)


@pytest.fixture
async def both(tmp_path, store, sap):
    transports = {"shop": httpx.ASGITransport(store.app), "books": sap.transport()}
    parts = Parts(patience=QUICK)
    async with await Hub.open(
        tmp_path, transports=transports, parts=parts, clock=lambda: sap.clock().astimezone(UTC)
    ) as hub:
        await hub.add_connection("shop", "bigcommerce", store.settings())
        books = sap.settings() | {"local_currency": "EUR", "time_zone": "UTC"}
        await hub.add_connection("books", "sap-b1", books)
        for name, codes in CROSSWALKS.items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        ends = {"source": "shop", "target": "books", "schedule": Schedule()}
        await hub.add_sync("orders", flow="order-to-invoice", **ends, options={"warehouse": "01"})
        await hub.start_worker()
        yield Both(store, sap, hub)
