"""Refunds of a BigCommerce store through the durable engine, the worked numbers included."""

import asyncio
import random
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.testing.patience import QUICK

from .conftest import CARD, CROSSWALKS, RECEIVABLES, REVENUE, account, stock

pytestmark = pytest.mark.anyio

METHODS = {"stripe/credit_card": f"transfer:{CARD}"}


@pytest.fixture(params=[False, True], ids=["net prices", "gross prices"])
def store(request):
    simulator = Simulator(prices_include_tax=request.param)
    for sku in ("MUG", "LAMP"):
        simulator.adds_product(sku, 100)
    return simulator


@pytest.fixture
async def hub(tmp_path, store, sap):
    transports = {"shop": httpx.ASGITransport(store.app), "books": sap.transport()}
    async with await Hub.open(tmp_path, transports=transports, parts=Parts(patience=QUICK)) as hub:
        await hub.add_connection("shop", "bigcommerce", store.settings())
        books = sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
        await hub.add_connection("books", "sap-b1", books)
        for name, codes in (CROSSWALKS | {"payment_method": METHODS}).items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        both = {"source": "shop", "target": "books"}
        await hub.add_sync("orders", flow="order-to-invoice", **both)
        await hub.add_sync("payments", flow="payment-to-incoming-payment", **both)
        await hub.add_sync("refunds", flow="refund-to-credit-memo", **both)
        await hub.start_worker()
        yield hub


async def test_no_restock_leaves_the_stock_and_a_missing_account_is_a_case_to_retry(
    hub, store, sap
):
    both = {"source": "shop", "target": "books"}
    await hub.add_sync(
        "refunds", flow="refund-to-credit-memo", **both, options={"restock": "no_restock"}
    )
    await hub.set_crosswalk("refund_account", "goodwill", "")
    order = bought(store)
    store.refunds(order, items=[("MUG", 1)])
    store.refunds(order, amount="10.00")

    await told(hub, store, order)
    (case,) = await hub.cases()
    assert (case.reason, memos(sap)[0][1]) == ("REFUND_ACCOUNT_MAP", "23.80")
    assert stock(sap, "MUG") == 97

    await hub.set_crosswalk("refund_account", "goodwill", REVENUE)
    await hub.retry_case(case.id, "finance")
    await told(hub, store)
    assert await hub.cases() == []
    assert [total for _, total in memos(sap)] == ["23.80", "10.00"]
    assert account(sap, RECEIVABLES) == 0


async def knock(hub, store, order):
    headers, body = store.notice(order)
    await hub.accept("shop", headers, body, datetime.now(UTC))


async def told(hub, store, *orders):
    """Knock for these orders and wait until the hub has nothing more to do."""
    for order in orders:
        await knock(hub, store, order)
    async with asyncio.timeout(60):
        while not await hub.idle():  # noqa: ASYNC110 - watched from outside
            await asyncio.sleep(0.02)


def bought(store, amount="20.00", quantity=3, **more):
    """Sell mugs, priced as the store prices, and take the money."""
    price = amount
    if store.store.inclusive:
        price = str((Decimal(amount) * Decimal("1.19")).quantize(Decimal("0.01")))
    order = store.shopper_orders([("MUG", quantity, price, "19")], **more)
    store.pays(order)
    return order


def memos(sap):
    return [(m["NumAtCard"], f"{m['DocTotal']:.2f}") for m in sap.company.query("CreditNotes")]


async def test_thirds_of_three_mugs_end_at_nothing(hub, store, sap):
    order = bought(store)
    for _ in range(3):
        store.refunds(order, items=[("MUG", 1)])

    await told(hub, store, order)

    assert await hub.cases() == []
    refunds = [refund.id for refund in store.store.orders[order].refunds]
    assert memos(sap) == [(f"shop/refund/{order}/{number}", "23.80") for number in refunds]
    assert account(sap, RECEIVABLES) == account(sap, CARD) == 0
    assert stock(sap, "MUG") == 100


async def test_a_refund_after_its_paid_invoice_and_then_goodwill(hub, store, sap):
    order = bought(store)
    await told(hub, store, order)
    store.refunds(order, items=[("MUG", 1)])
    await told(hub, store, order)
    store.refunds(order, amount="10.00")
    await told(hub, store, order)

    assert await hub.cases() == []
    whole, goodwill = sap.company.query("CreditNotes")
    assert (whole["DocTotal"], whole["VatSum"]) == (Decimal("23.80"), Decimal("3.80"))
    assert (goodwill["DocTotal"], goodwill["VatSum"]) == (10, Decimal("1.60"))
    assert account(sap, RECEIVABLES) == 0
    assert account(sap, CARD) == Decimal("37.60")


async def test_265_sold_and_261_given_back_keeps_4_for_restocking(hub, store, sap):
    price = "265.00" if store.store.inclusive else "222.69"
    order = store.shopper_orders([("MUG", 1, price, "19")])
    store.pays(order)
    store.refunds(order, items=[("MUG", 1)], adjustments=[("4.00", "Restocking")])

    await told(hub, store, order)

    assert await hub.cases() == []
    assert [total for _, total in memos(sap)] == ["261.00"]
    assert account(sap, RECEIVABLES) == 0
    assert account(sap, CARD) == 4


async def test_pending_money_is_booked_when_the_gateway_confirms_it(hub, store, sap):
    order = bought(store)
    refund = store.refund_pends(order, items=[("MUG", 1)])
    await told(hub, store, order)
    assert memos(sap) == []

    store.refund_settles(refund)
    await told(hub, store, order)

    assert memos(sap) == [(f"shop/refund/{order}/{refund}", "23.80")]


async def test_declined_money_is_never_booked(hub, store, sap):
    order = bought(store)
    refund = store.refund_pends(order, items=[("MUG", 1)])
    store.refund_fails(refund)

    await told(hub, store, order)

    assert (memos(sap), await hub.cases()) == ([], [])


async def test_shipping_alone(hub, store, sap):
    order = bought(store, shipping="10.00", shipping_rate="19")
    store.refunds(order, shipping="10.00")

    await told(hub, store, order)

    assert await hub.cases() == []
    charged = "10.00" if store.store.inclusive else "11.90"
    assert [total for _, total in memos(sap)] == [charged]
    assert account(sap, RECEIVABLES) == 0


async def test_shuffled_notices_and_lost_replies_credit_each_refund_once(hub, store, sap):
    dice = random.Random(5)  # noqa: S311 - a cart, not a secret
    orders = [bought(store, f"{dice.randint(100, 9_999) / 100:.2f}") for _ in range(6)]
    for order in orders:
        for _ in range(dice.randint(1, 3)):
            store.refunds(order, items=[("MUG", 1)])
    for lost in ("CreditNotes", "VendorPayments", "Invoices", "IncomingPayments"):
        sap.lose_reply(lost, nth=2, times=2)
    sap.bad_gateway("CreditNotes", method="POST", when="after", nth=5)
    knocks = orders * 3
    dice.shuffle(knocks)

    await told(hub, store, *knocks)

    assert await hub.cases() == []
    given = sum(len(store.store.orders[order].refunds) for order in orders)
    assert len(memos(sap)) == len({name for name, _ in memos(sap)}) == given
    assert len(sap.company.query("VendorPayments")) == given
    assert account(sap, RECEIVABLES) == 0
    assert stock(sap, "MUG") == 100 - 3 * len(orders) + given


async def test_a_refund_then_an_edit_then_a_cancellation_end_as_the_shop_says(hub, store, sap):
    order = bought(store)
    await told(hub, store, order)
    store.refunds(order, items=[("MUG", 1)])
    await told(hub, store, order)
    store.changes_quantity(order, "MUG", 2)
    await told(hub, store, order)

    assert await hub.cases() == []
    assert [total for _, total in memos(sap)] == ["23.80"]
    assert account(sap, RECEIVABLES) == 0
    assert account(sap, CARD) == Decimal("47.60")


async def test_an_edit_and_the_money_for_it_credit_it_once(hub, store, sap):
    order = bought(store)
    await told(hub, store, order)
    store.changes_quantity(order, "MUG", 2)
    store.refunds(order, amount="23.80")
    await told(hub, store, order)

    assert await hub.cases() == []
    assert memos(sap) == [(f"shop/order/{order}+1", "23.80")]
    assert account(sap, RECEIVABLES) == 0
    assert account(sap, CARD) == Decimal("47.60")
    assert stock(sap, "MUG") == 98
