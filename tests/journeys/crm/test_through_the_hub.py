"""Customers, items, invoices and a deal through the durable engine, on a database."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from b1bridge.bootstrap import Hub
from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.domain.crm_fields import ALL
from b1bridge.testing.clocks import Clock
from b1sim.company import clerk
from b1sim.world import World

pytestmark = pytest.mark.anyio
TO_CRM = ("partner-to-organization", "item-to-product", "invoice-to-note", "delivery-to-deal")
FROM_CRM = ("deal-to-sales-order", "merge-to-link")


@pytest.fixture
def sap():
    with World(seed=False) as world:
        people = [{"Name": "Bo Ek", "E_Mail": "bo@x.se"}]
        clerk.add_partner(world.company, "C1", "Anna Ek AB", ContactEmployees=people)
        prices = [{"PriceList": 1, "Price": "10"}]
        clerk.add_item(
            world.company, "TEA", "Earl Grey", stock="100", vat_group="A20", ItemPrices=prices
        )
        yield world


@pytest.fixture
def pipedrive():
    return Simulator()


@pytest.fixture
def clock():
    """Today's time, for SAP's and Pipedrive's clocks are; it moves when told to."""
    return Clock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
async def hub(tmp_path, sap, pipedrive, clock):
    transports = {"crm": httpx.ASGITransport(pipedrive.app), "books": sap.transport()}
    async with await Hub.open(tmp_path, transports=transports, clock=clock) as hub:
        await hub.add_connection("crm", "pipedrive", pipedrive.settings())
        zone = {"local_currency": "EUR", "time_zone": sap.company.settings.time_zone}
        await hub.add_connection("books", "sap-b1", sap.settings() | zone)
        await (await hub.open_connection("crm")).make_fields(ALL)
        for flow in TO_CRM:
            await hub.add_sync(flow, flow=flow, source="books", target="crm")
        for flow in FROM_CRM:
            await hub.add_sync(flow, flow=flow, source="crm", target="books")
        await hub.start_worker(schedule=False)
        yield hub


async def settled(hub, seconds=60.0):
    async with asyncio.timeout(seconds):
        while not await hub.idle():  # noqa: ASYNC110 - watched from outside
            await asyncio.sleep(0.02)


async def look(hub, *flows):
    for flow in flows:
        await hub.sync_now(flow, None)
        await settled(hub)


def writes(pipedrive):
    return len(pipedrive.company.changes)


def invoice(sap):
    rows = [{"ItemCode": "TEA", "Quantity": 2, "UnitPrice": 10}]
    fields = {"CardCode": "C1", "DocDueDate": "2030-01-31", "DocumentLines": rows}
    return sap.company.create("Invoices", fields)


async def test_all_is_shown_and_looking_again_writes_nothing(hub, sap, pipedrive):
    invoice(sap)
    await look(hub, *TO_CRM)
    before = writes(pipedrive)

    runs = len(await hub.runs())
    sap.company.patch("BusinessPartners", {"CardCode": "C1"}, {"Notes": "nothing for sales"})
    sap.company.patch("Items", {"ItemCode": "TEA"}, {"User_Text": "nothing for sales"})
    await look(hub, *TO_CRM)

    assert await hub.cases() == []
    assert len(await hub.runs()) > runs
    rows = pipedrive.company.rows
    assert [row["name"] for row in rows["organization"].values()] == ["Anna Ek AB"]
    assert [row["name"] for row in rows["person"].values()] == ["Bo Ek"]
    assert [row["code"] for row in rows["product"].values()] == ["TEA"]
    assert len(pipedrive.company.notes) == 1
    assert writes(pipedrive) == before


async def test_a_won_deal_is_one_order_however_often_it_is_told(hub, sap, pipedrive):
    await look(hub, *TO_CRM)
    [organization] = pipedrive.company.rows["organization"]
    [product] = pipedrive.company.rows["product"]
    deal = pipedrive.add_deal("Two teas", organization)
    given = {"tax": "20", "tax_method": "exclusive"}
    pipedrive.add_product_to_deal(deal, product, "2", "10", **given)
    pipedrive.win_deal(deal)
    changes = range(len(pipedrive.company.changes))
    letters = [pipedrive.notice(n, version=v) for n in changes for v in ("1.0", "2.0", "2.0")]

    for headers, body in reversed(letters):
        await hub.accept("crm", headers, body, datetime.now(UTC))
    await settled(hub)
    await look(hub, *TO_CRM, *FROM_CRM)
    before = writes(pipedrive)
    for headers, body in [pipedrive.notice(n) for n in range(len(pipedrive.company.changes))]:
        await hub.accept("crm", headers, body, datetime.now(UTC))
    await settled(hub)
    await look(hub, *TO_CRM, *FROM_CRM)

    assert await hub.cases() == []
    [order] = sap.company.query("Orders")
    assert order["NumAtCard"] == f"crm/deal/{deal}"
    assert writes(pipedrive) == before


async def test_what_was_told_once_is_no_gap_afterwards(hub, sap, clock):
    invoice(sap)
    await look(hub, *TO_CRM)
    clock.forward(hours=1)
    before = {flow: len(await hub.runs(sync=flow)) for flow in TO_CRM}

    swept = await hub.sweep()
    await settled(hub)

    assert swept >= len(TO_CRM)
    assert {flow: len(await hub.runs(sync=flow)) for flow in TO_CRM} == before
