"""The same orders through the durable engine: signed notices in, proved documents out."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.domain.identity import Ref
from b1bridge.storage.links import StoredInFlight
from b1bridge.storage.opening import open_database
from b1bridge.testing.patience import QUICK
from b1sim.company import clerk

pytestmark = pytest.mark.anyio


SWEEP = Ref("books", "all", "stock-to-shop")


@pytest.fixture
async def hub(tmp_path, journey, store, sap):
    transports = {"shop": httpx.ASGITransport(store.app), "books": sap.transport()}
    async with await Hub.open(tmp_path, transports=transports, parts=Parts(patience=QUICK)) as hub:
        await hub.add_connection("shop", "bigcommerce", store.settings())
        books = sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
        await hub.add_connection("books", "sap-b1", books)
        for name, codes in journey.run.crosswalks.items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        # A large cart may round further apart than the default allows.
        options = {"tolerance_cap": "0.20", "tolerance_per_line": "0.02"}
        both = {"source": "shop", "target": "books"}
        await hub.add_sync("orders", flow="order-to-invoice", **both, options=options)
        await hub.add_sync("payments", flow="payment-to-incoming-payment", **both)
        await hub.add_sync("customers", flow="customer-to-business-partner", **both)
        stock = {"source": "books", "target": "shop", "options": {"warehouses": ["01"]}}
        await hub.add_sync("stock", flow="stock-to-shop", **stock)
        yield hub


async def settled(hub, seconds=60.0):
    async with asyncio.timeout(seconds):
        while not await hub.idle():  # noqa: ASYNC110 - watched from outside
            await asyncio.sleep(0.02)


async def shown(journey, sku):
    """Return what shoppers see."""
    levels = [level async for level in journey.shop.stock()]
    return next(level.quantity for level in levels if level.sku == sku)


async def knock(hub, store, order):
    headers, body = store.notice(order)
    await hub.accept("shop", headers, body, datetime.now(UTC))


def carts(store, count):
    dice = random.Random(7)  # noqa: S311 - a cart, not a secret
    for _ in range(count):
        lines = [
            (
                dice.choice(["MUG", "LAMP", "BAG", "PEN"]),
                dice.randint(1, 4),
                f"{Decimal(dice.randint(50, 9_999)).scaleb(-2)}",
                dice.choice(["7", "19", "20"]),
            )
            for _ in range(dice.randint(1, 8))
        ]
        order = store.shopper_orders(
            lines, shipping="4.95", shipping_rate="19", email=f"guest{dice.randint(1, 5)}@x.com"
        )
        store.pays(order)
        yield order


async def test_shuffled_and_repeated_notices_over_a_bad_line_post_everything_once(
    hub, journey, store, sap
):
    orders = list(carts(store, 12))
    for lost in ("Invoices", "IncomingPayments", "BusinessPartners"):
        sap.lose_reply(lost, nth=2, times=2)
    sap.bad_gateway("Invoices", method="POST", when="after", nth=5)
    knocks = orders * 3
    random.Random(3).shuffle(knocks)  # noqa: S311 - an order of arrival, not a secret

    for order in knocks:
        await knock(hub, store, order)
    await hub.start_worker()
    await settled(hub)

    assert await hub.cases() == []
    booked = {invoice["NumAtCard"]: invoice for invoice in journey.invoices()}
    assert len(journey.invoices()) == len(journey.payments()) == len(orders)
    assert Counter(p["EmailAddress"] for p in journey.partners()).most_common(1)[0][1] == 1
    for order in orders:
        invoice = booked[f"shop/order/{order}"]
        assert Decimal(str(invoice["DocTotal"])) == journey.charged(order)[0]
        assert Decimal(str(invoice["PaidToDate"])) == journey.charged(order)[0]
    assert (await hub.verify_audit()).broken_at is None


async def test_a_case_is_retried_once_its_cause_is_gone(hub, journey, store, sap):
    order = store.shopper_orders([("NEW", 1, "10.00", "20")])
    store.pays(order)
    await knock(hub, store, order)
    await hub.start_worker()
    await settled(hub)
    (case,) = await hub.cases()
    assert (case.reason, journey.invoices()) == ("MISSING_ITEM", [])

    clerk.add_item(sap.company, "NEW", stock="3")
    await hub.retry_case(case.id, "finance")
    await settled(hub)

    assert await hub.cases() == []
    assert len(journey.invoices()) == len(journey.payments()) == 1
    assert str(journey.invoices()[0]["DocNum"]) == store.store.orders[order].external_order_id


async def test_an_order_that_waits_for_a_person_is_held_back_from_the_stock_push(
    hub, journey, store, sap
):
    clerk.set_stock(sap.company, "MUG", "50")
    order = store.shopper_orders([("MUG", 3, "4.00", "20"), ("GONE", 1, "1.00", "20")])
    await knock(hub, store, order)
    await hub.start_worker()
    await settled(hub)

    await hub.start("stock", SWEEP, "clerk")
    await settled(hub)

    assert await shown(journey, "MUG") == 47


async def test_a_push_raises_nothing_until_every_queued_order_is_read(
    hub, journey, store, tmp_path
):
    await knock(hub, store, store.shopper_orders([("MUG", 3, "4.00", "20")]))
    database = open_database(tmp_path, None)
    sweep = journey.run.about(SWEEP)
    sweep.in_flight = StoredInFlight(database)

    early = await journey.tell("stock-to-shop", sweep, warehouses=["01"])
    at_first = await shown(journey, "MUG")
    await hub.start_worker()
    await settled(hub)
    late = await journey.tell("stock-to-shop", sweep.restarted(), warehouses=["01"])
    database.close()

    # SAP still counted 1000 when the store had sold three of them.
    assert early.reason == "1 orders are not read yet, so nothing was raised"
    assert at_first == await shown(journey, "MUG") == 997
    assert late.reason == ""


async def test_an_order_that_waits_and_takes_no_goods_keeps_no_stock_figure_down(
    hub, journey, store, sap
):
    await knock(hub, store, store.shopper_orders([("MUG", -3, "4.00", "20")]))
    await hub.start_worker()
    await settled(hub)
    clerk.set_stock(sap.company, "MUG", "2000")

    await hub.start("stock", SWEEP, "clerk")
    await settled(hub)

    assert [case.reason for case in await hub.cases()] == ["BAD_QUANTITY"]
    assert await shown(journey, "MUG") == 2000


async def test_an_ignored_order_gives_its_stock_back(hub, journey, store, sap):
    clerk.set_stock(sap.company, "MUG", "50")
    await knock(hub, store, store.shopper_orders([("MUG", 3, "4.00"), ("GONE", 1, "1.00")]))
    await hub.start_worker()
    await settled(hub)
    (case,) = await hub.cases()

    await hub.ignore_case(case.id, "a test order", "clerk")
    await hub.start("stock", SWEEP, "clerk")
    await settled(hub)

    assert await shown(journey, "MUG") == 50


async def test_a_hub_that_stops_in_the_middle_goes_on_where_it_was(hub, journey, store):
    orders = list(carts(store, 8))
    for order in orders:
        await knock(hub, store, order)
    await hub.start_worker(concurrency=2)
    while not journey.invoices():  # noqa: ASYNC110 - watched from outside
        await asyncio.sleep(0.01)
    await hub.stop_worker()

    await hub.start_worker()
    await settled(hub)

    assert len(journey.invoices()) == len(journey.payments()) == len(orders)
