"""What changes without a trace is found within a day: prices by their day, deletions."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from b1bridge.engine.records import Schedule
from b1sim.company import clerk

from .hubs import hub_between

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SHOWN = ("partner-to-organization", "item-to-product")
DAILY = Schedule(every=300)


@pytest.fixture
async def between(tmp_path):
    async with hub_between(tmp_path, schedule=DAILY) as between:
        clerk.add_item(between.sap.company, "MUG", "Mug", price="5")
        people = [{"Name": "Siv"}]
        clerk.add_partner(between.sap.company, "C2", "Siv AB", ContactEmployees=people)
        await between.settled()
        for flow in SHOWN:
            await between.hub.sync_now(flow, LONG_AGO)
            await between.settled()
        yield between


async def a_day_later(between, days=1):
    """Let SAP's next day begin, and all be looked at that the hub looks at then."""
    before = {flow: len(await between.hub.runs(sync=f"look-again/{flow}")) for flow in SHOWN}
    between.clock.move(timedelta(days=days).total_seconds())
    async with asyncio.timeout(60):
        for flow in SHOWN:
            while len(await between.hub.runs(sync=f"look-again/{flow}")) == before[flow]:  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.05)
    await between.settled()


def product(between, code):
    rows = between.pipedrive.company.rows["product"].values()
    return next(row for row in rows if row["code"] == code)


def price(between, code):
    return [Decimal(str(one["price"])) for one in product(between, code)["prices"]]


def custom(between, entity, name, field):
    company = between.pipedrive.company
    code = next(c for c, one in company.fields[entity].items() if one.name == field)
    row = next(row for row in company.rows[entity].values() if row["name"] == name)
    return row["custom_fields"].get(code)


async def test_a_day_on_which_nothing_changed_costs_nothing(between):
    changes, spent = len(between.pipedrive.company.changes), between.pipedrive.ledger.spent
    before = sum(spent.values())

    await a_day_later(between)

    again = await between.hub.runs(sync="look-again/item-to-product")
    assert again[0].outcome == "posted"
    assert len(between.pipedrive.company.changes) == changes
    # Deals and budgets are looked at by themselves; the catalogue asks Pipedrive for nothing.
    products = [one for one in between.asked("crm") if "products" in one or "organizations" in one]
    await a_day_later(between)
    after = [one for one in between.asked("crm") if "products" in one or "organizations" in one]
    assert after == products
    assert sum(spent.values()) >= before


async def test_a_period_discount_that_begins_today_is_shown_today(between):
    day = date.fromisoformat(between.sap.company.books.today()) + timedelta(days=2)
    period = {"DateFrom": str(day), "Discount": 20}
    head = {"ItemCode": "MUG", "CardCode": "*1", "SpecialPriceDataAreas": [period]}
    between.sap.company.create("SpecialPrices", head)
    await between.hub.add_sync(
        "item-to-product",
        flow="item-to-product",
        source="books",
        target="crm",
        options={"price_for": ["C1"]},
        schedule=DAILY,
    )
    await between.hub.sync_now("item-to-product", LONG_AGO)
    await between.settled()
    assert price(between, "MUG") == [5]

    await a_day_later(between)
    assert price(between, "MUG") == [5]
    await a_day_later(between)

    assert price(between, "MUG") == [4]


async def test_a_price_list_whose_factor_changed_is_shown_the_next_day(between):
    await between.hub.add_sync(
        "item-to-product",
        flow="item-to-product",
        source="books",
        target="crm",
        options={"price_lists": [2]},
        schedule=DAILY,
    )
    await between.hub.sync_now("item-to-product", LONG_AGO)
    await between.settled()
    before = price(between, "MUG")
    between.sap.company.patch("PriceLists", {"PriceListNo": 2}, {"Factor": "0.5"})

    await a_day_later(between)

    assert price(between, "MUG") == [Decimal("2.5")] != before


async def test_what_was_deleted_in_sap_is_marked_once(between):
    between.sap.company.delete("Items", {"ItemCode": "MUG"})
    between.sap.company.delete("BusinessPartners", {"CardCode": "C2"})

    await a_day_later(between)

    assert product(between, "MUG")["is_linkable"] is False
    assert product(between, "TEA")["is_linkable"] is True
    gone = "no customer in SAP any more"
    assert custom(between, "organization", "Siv AB", "SAP status") == gone
    assert custom(between, "organization", "Siv AB", "SAP credit status") == "blocked"
    assert custom(between, "person", "Siv", "SAP status") == gone
    changes = len(between.pipedrive.company.changes)
    await a_day_later(between)
    assert len(between.pipedrive.company.changes) == changes
    assert await between.hub.cases() == []
