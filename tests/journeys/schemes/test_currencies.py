"""An order in another currency is booked at the shop's own rate, or waits for one."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1sim.company import clerk

from .conftest import CARD, RECEIVABLES

pytestmark = pytest.mark.anyio

FLOWS = ("order-to-invoice", "payment-to-incoming-payment")
SEK = {"currency": "SEK", "exchange_rate": "11.5", "email": "sven@x.se"}


@pytest.fixture
def store():
    simulator = Simulator(prices_include_tax=False)
    simulator.adds_product("MUG", 1000)
    return simulator


def rates(company, rate):
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Berlin")).date()
    clerk.set_rate(company, "SEK", today, rate)


async def swedish_order(town):
    order = town.store.shopper_orders([("MUG", 1, "1150.00", "0")], **SEK)
    town.store.pays(order)
    await town.knock(order)
    return order


async def test_the_shops_rate_at_six_decimals_leaves_no_residue(town):
    rates(town.company, Decimal(1) / Decimal("11.6"))
    own = {"shop_rate": "yes"}
    orders = own | {"currencies": ["SEK"]}
    await town.switches_on(*FLOWS, **{FLOWS[0]: orders, FLOWS[1]: own})

    order = await swedish_order(town)

    assert await town.cases() == []
    invoice = town.posted("Invoices")[f"shop/order/{order}"]
    assert (invoice["DocTotalFc"], invoice["DocTotal"]) == (1150, 100)
    assert (town.balance(RECEIVABLES), town.balance(CARD)) == (0, 100)
    assert (town.owing(), town.still_open()) == ({}, [])


async def test_the_books_rate_of_the_day_says_something_else(town):
    rates(town.company, "0.086207")
    await town.switches_on(*FLOWS, **{FLOWS[0]: {"currencies": ["SEK"]}})

    order = await swedish_order(town)

    assert town.posted("Invoices")[f"shop/order/{order}"]["DocTotal"] == Decimal("99.14")
    assert (town.owing(), town.still_open()) == ({}, [])


async def test_a_missing_rate_is_a_case_that_names_the_day_and_goes_on_once_entered(town):
    rates(town.company, "0")
    await town.switches_on(*FLOWS, **{FLOWS[0]: {"currencies": ["SEK"]}})

    order = await swedish_order(town)

    (case,) = await town.hub.cases()
    assert case.reason == "RATE_MISSING"
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Berlin")).date()
    assert f"no rate of SEK for {today}" in case.message
    assert f"enter the rate of SEK for {today}" in case.fix
    rates(town.company, "0.086957")
    await town.hub.retry_case(case.id, "finance")
    await town.settled()
    assert town.posted("Invoices")[f"shop/order/{order}"]["DocTotal"] == 100
