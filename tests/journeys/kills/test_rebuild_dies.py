"""A rebuild that is killed midway is begun again, and ends as one that was not."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa
from tests.journeys.conftest import connects

from b1bridge.bootstrap import Hub, Parts, rebuilding
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.storage import tables
from b1bridge.testing.crashes import Crash
from b1bridge.testing.patience import QUICK
from b1sim.company import clerk
from b1sim.world import World

from .dying_runs import CROSSWALKS, GOODS
from .whole_lives import CART, INVOICED

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

POSTED = ("Invoices", "CreditNotes", "IncomingPayments", "VendorPayments", "BusinessPartners")


@pytest.fixture
def sap():
    with World(seed=False) as world:
        for code in GOODS:
            clerk.add_item(world.company, code, stock="100", cost="1.00")
        yield world


@pytest.fixture
def store():
    simulator = Simulator(prices_include_tax=False)
    for code in GOODS:
        simulator.adds_product(code, 100)
    return simulator


async def opened(home, store, sap):
    """Open a hub that knows what an operator types, and nothing else."""
    home.mkdir()
    transports = {"shop": httpx.ASGITransport(store.app), "books": sap.transport()}
    hub = await Hub.open(home, transports=transports, parts=Parts(patience=QUICK))
    await connects(hub, store, sap, CROSSWALKS)
    for flow in INVOICED:
        await hub.add_sync(flow, flow=flow, source="shop", target="books")
    return hub


async def worked_off(hub, since):
    """Look at everything since a day, and let it come through."""
    for flow in INVOICED:
        await hub.sync_now(flow, since)
    await hub.start_worker(schedule=False)
    async with asyncio.timeout(60):
        while not await hub.idle():  # noqa: ASYNC110 - watched from outside
            await asyncio.sleep(0.02)
    await hub.stop_worker()


async def links_of(hub):
    links = sa.select(tables.links.c.ref, tables.links.c.kind, tables.links.c.other)
    rows = await hub._storage.database.read(  # noqa: SLF001 - what no command shows
        lambda db: db.execute(links).all()
    )
    return sorted(tuple(row) for row in rows)


class Deadly:
    """Hears of progress, and dies the nth time."""

    def __init__(self, nth=0):
        self.nth = nth
        self.heard = 0

    def __call__(self, *_):
        self.heard += 1
        if self.heard == self.nth:
            raise Crash


async def test_a_rebuild_killed_anywhere_and_begun_again_restores_all(
    tmp_path, store, sap, monkeypatch
):
    monkeypatch.setattr(rebuilding, "_BATCH", 1)
    since = datetime.now(UTC) - timedelta(days=2)
    async with await opened(tmp_path / "first", store, sap) as hub:
        orders = [store.shopper_orders(list(CART)) for _ in range(3)]
        for order in orders:
            store.pays(order)
        store.refunds(orders[0], items=[("MUG", 1)])
        await worked_off(hub, since)
        assert await hub.cases() == []
    held = {name: len(sap.company.query(name)) for name in POSTED}
    async with await opened(tmp_path / "whole", store, sap) as hub:
        peaceful = Deadly()
        await hub.rebuilding.rebuild("shop", since.date(), peaceful, "anna")
        whole = await links_of(hub)

    async with await opened(tmp_path / "killed", store, sap) as hub:
        for nth in range(1, peaceful.heard + 1):
            with pytest.raises(Crash):
                await hub.rebuilding.rebuild("shop", since.date(), Deadly(nth), "anna")
        await hub.rebuilding.rebuild("shop", since.date(), Deadly(), "anna")
        assert await links_of(hub) == whole
        await worked_off(hub, since)
        assert (await hub.verify_audit()).broken_at is None

    assert len(whole) >= len(orders)
    assert {name: len(sap.company.query(name)) for name in POSTED} == held
