"""Stores in memory, and connections to them."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.bigcommerce.simulator.order_json import (
    coupons_json,
    order_json,
    product_json,
    shipping_address_json,
    taxes_json,
)
from b1bridge.connectors.bigcommerce.translate import order_from
from b1bridge.connectors.bigcommerce.wire import (
    ADDRESSES,
    COUPONS,
    PRODUCTS,
    TAXES,
    OrderParts,
    WireOrder,
)
from b1bridge.testing.clocks import Clock
from b1bridge.testing.worlds import client_for, connect


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def clock():
    return Clock(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def contract():
    """Return the folder of published documents, or nothing where it is absent."""
    folder = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")) / "specs" / "bigcommerce"
    return folder.resolve() if folder.is_dir() else None


@pytest.fixture
def make_world(clock, contract):
    """Return a maker of stores; every exchange with them must keep the published contract."""
    made = []

    def make(**facts):
        world = Simulator(**{"clock": clock, "contract": contract} | facts)
        made.append(world)
        return world

    yield make
    assert [violation for world in made for violation in world.violations] == []


@pytest.fixture
def world(make_world):
    return make_world()


@pytest.fixture
def ask(world):
    """Return a way to speak to the store's API without our client."""

    async def _ask(method, path, **kwargs):
        async with client_for(world) as http:
            headers = {"X-Auth-Token": world.store.access_token}
            url = f"/stores/{world.store.store_hash}/{path}"
            return await http.request(method, url, headers=headers, **kwargs)

    return _ask


@pytest.fixture
def store(world):
    return connect(CONNECTOR, world, name="shop")


def _translated(world, number):
    order = world.store.orders[number]
    root = world.store.root
    parts = OrderParts(
        WireOrder.model_validate(order_json(order, root, with_fees=True)),
        PRODUCTS.validate_python([product_json(order, line) for line in order.lines]),
        ADDRESSES.validate_python(
            [shipping_address_json(order, root)] if order.shipping_address else []
        ),
        TAXES.validate_python(taxes_json(order)),
        COUPONS.validate_python(coupons_json(order)),
    )
    return order_from(parts, "shop")


@pytest.fixture(scope="session")
def translated():
    """Return the translation of a simulated order, without the wire between."""
    return _translated
