"""A BigCommerce store whose notices get lost, an SAP company, a hub between them, one clock."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.testing.clocks import Clock
from b1bridge.testing.patience import QUICK
from b1sim.company import clerk
from b1sim.world import World

DOOR = "https://hub.example/notices/shop"
CODES = {
    "tax": {"20": "A20"},
    "freight": {"shipping": "1"},
    "payment_method": {"stripe/credit_card": "transfer:_SYS00000000203"},
}


@pytest.fixture
def clock():
    """Today's time, for certificates and signatures know no other; it moves when told to."""
    return Clock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def sap():
    with World(seed=False) as world:
        clerk.add_item(world.company, "MUG", stock="5000", cost="1.00")
        yield world


@pytest.fixture
def store(clock):
    simulator = Simulator(prices_include_tax=False, clock=clock)
    simulator.adds_product("MUG", 5000)
    return simulator


@pytest.fixture
async def hub(tmp_path, clock, store, sap):
    """A hub that has watched the store for an hour, and does nothing by itself yet."""
    lines = {"shop": httpx.ASGITransport(store.app), "books": sap.transport()}
    parts = Parts(patience=QUICK)
    async with await Hub.open(tmp_path, transports=lines, parts=parts, clock=clock) as hub:
        await hub.add_connection("shop", "bigcommerce", store.settings() | {"webhook_url": DOOR})
        books = sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
        await hub.add_connection("books", "sap-b1", books)
        for name, codes in CODES.items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        both = {"source": "shop", "target": "books"}
        await hub.add_sync("orders", flow="order-to-invoice", **both)
        await hub.add_sync("payments", flow="payment-to-incoming-payment", **both)
        await hub.sync_now("orders")
        clock.forward(hours=1)
        yield hub


@pytest.fixture
def ordered(store):
    """Place and pay orders; return their numbers."""

    def place(count):
        numbers = []
        for _ in range(count):
            number = store.shopper_orders([("MUG", 1, "10.00", "20")], email="a@example.com")
            store.pays(number)
            numbers.append(number)
        return numbers

    return place


@pytest.fixture
def knock(hub, store, clock):
    """Deliver a signed notice of each order."""

    async def told(numbers):
        for number in numbers:
            headers, body = store.notice(number)
            await hub.accept("shop", headers, body, clock())

    return told


@pytest.fixture
def settled(hub):
    async def wait(seconds=90.0):
        async with asyncio.timeout(seconds):
            while not await hub.idle():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.02)

    return wait


@pytest.fixture
def invoiced(sap):
    """Return the numbers of the orders that are invoiced, doubles included."""

    def numbers():
        references = [one["NumAtCard"] for one in sap.company.query("Invoices")]
        return sorted(int(reference.rpartition("/")[2]) for reference in references)

    return numbers
