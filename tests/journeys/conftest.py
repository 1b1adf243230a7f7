"""A store and a company that deal in the same goods, and the company's books as flows see them."""

import httpx
import pytest

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.sap_b1 import CONNECTOR as SAP
from b1sim.company import clerk
from b1sim.world import World

GOODS = ("MUG", "LAMP", "BAG", "PEN")


@pytest.fixture
def sap():
    with World(seed=False) as world:
        for code in GOODS:
            clerk.add_item(world.company, code, stock="1000", cost="1.00")
        yield world


@pytest.fixture(params=[False, True], ids=["net prices", "gross prices"])
def store(request):
    return store_with(gross=request.param)


@pytest.fixture
def plain_store():
    return store_with(gross=False)


def store_with(*, gross):
    simulator = Simulator(prices_include_tax=gross)
    for sku in GOODS:
        simulator.adds_product(sku, 1000)
    return simulator


async def connects(hub, store, sap, crosswalks):
    """Tell a hub what an operator types in: both sides and the codes between them."""
    await hub.add_connection("shop", "bigcommerce", store.settings())
    books = sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
    await hub.add_connection("books", "sap-b1", books)
    for name, codes in crosswalks.items():
        for code, other in codes.items():
            await hub.set_crosswalk(name, code, other)


@pytest.fixture
async def books(sap):
    """A connection to the company, without a hub."""
    settings = SAP.settings(
        **sap.settings(), local_currency="EUR", time_zone="Europe/Berlin", language=None
    )
    async with httpx.AsyncClient(transport=sap.transport(), base_url=settings.service_root) as line:
        opened = SAP.build("books", settings, line)
        yield opened
        await opened.aclose()
