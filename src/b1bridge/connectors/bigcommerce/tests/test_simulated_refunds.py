"""The simulated store prices, makes and declines refunds as the vendor says."""

import pytest

from b1bridge.connectors.bigcommerce.simulator.refund_prices import Refused

pytestmark = pytest.mark.anyio

CART = [("A", 3, "23.80", "19"), ("B", 1, "10.70", "7")]


@pytest.fixture
def paid(world):
    """Return a maker of orders that were paid by card."""

    def place(cart=CART, **told):
        number = world.shopper_orders(cart, **told)
        world.pays(number)
        world.store.outbox.clear()
        return number

    return place


@pytest.fixture
def refunds_of(ask):
    async def read(number):
        answer = await ask("GET", f"v3/orders/{number}/payment_actions/refunds")
        return answer.json()["data"]

    return read


def line_ids(world, number):
    return [line.id for line in world.store.orders[number].lines]


async def test_a_refund_is_quoted_and_then_made_with_the_quoted_amount(world, ask, paid):
    number = paid(customer=world.registers_customer("ada@example.com"))
    item = {"item_type": "PRODUCT", "item_id": line_ids(world, number)[0], "quantity": 1}
    actions = f"v3/orders/{number}/payment_actions"

    quote = (await ask("POST", f"{actions}/refund_quotes", json={"items": [item]})).json()["data"]
    way = quote["refund_methods"][-1]
    wanted = {"items": [item], "payments": way}
    off = {"items": [item], "payments": [way[0] | {"amount": 1}]}
    refused = await ask("POST", f"{actions}/refunds", json=off)
    made = await ask("POST", f"{actions}/refunds", json=wanted)

    assert (quote["total_refund_amount"], quote["total_refund_tax_amount"]) == (23.8, 3.8)
    assert [[part["provider_id"] for part in way] for way in quote["refund_methods"]] == [
        ["storecredit"],
        ["custom"],
        ["stripe"],
    ]
    assert refused.status_code == 422
    assert made.status_code == 201
    assert made.json()["data"]["total_amount"] == 23.8
    order = world.store.orders[number]
    assert (order.status_id, order.payment_status) == (14, "partially refunded")


async def test_refunds_are_listed_by_order_and_by_day(world, ask, paid, clock):
    first, second = paid(), paid()
    made = [world.refunds(first, items=[("A", 1)])]
    clock.forward(days=2)
    made += [world.refunds(second, items=[("B", 1)], reason="broken")]
    path = "v3/orders/payment_actions/refunds"

    every = (await ask("GET", path)).json()["data"]
    of_one = (await ask("GET", path, params={"order_id:in": second})).json()["data"]
    late = (await ask("GET", path, params={"created:min": "2026-11-22T00:00:00+00:00"})).json()
    alone = (await ask("GET", f"{path}/{made[1]}")).json()["data"]
    gone = await ask("GET", f"{path}/99")

    assert [refund["id"] for refund in every] == made
    assert of_one == late["data"] == every[1:]
    assert alone["reason"] == "broken"
    assert gone.status_code == 404


async def test_parts_of_a_line_come_to_the_whole(world, paid, refunds_of):
    number = paid([("A", 3, "10.00", "19")], discount="0.01", shipping="4.90")

    for _ in range(3):
        world.refunds(number, items=[("A", 1)])
    world.refunds(number, shipping="4.90")

    amounts = [refund["total_amount"] for refund in await refunds_of(number)]
    assert amounts == [10.0, 9.99, 10.0, 4.9]
    assert world.store.orders[number].status_id == 4


async def test_nothing_is_refunded_twice_or_beyond_what_was_paid(world, paid):
    number = paid()
    world.refunds(number, items=[("A", 3)])

    with pytest.raises(Refused, match="0 left to refund"):
        world.refunds(number, items=[("A", 1)])
    world.refunds(number, amount="99.00")

    assert [float(refund.amount) for refund in world.store.orders[number].refunds] == [71.4, 10.7]
    with pytest.raises(Refused, match="no money left"):
        world.refunds(number, amount="0.01")


async def test_a_refund_of_the_order_as_a_whole_states_no_tax(world, paid, refunds_of):
    number = paid()

    world.refunds(number, amount="10.00", reason="sorry")
    world.refunds(number, tax_adjustment="1.60")
    world.refunds(number, items=[("A", 1)], adjustments=[("4.00", "restocking")])
    world.refunds(number, items=[("A", 1)], override=("20.00", "0.00"))

    found = await refunds_of(number)
    assert [(r["total_amount"], r["total_tax"], len(r["items"])) for r in found] == [
        (10.0, 0.0, 1),
        (1.6, 1.6, 0),
        (19.8, 3.8, 1),
        (20.0, 0.0, 1),
    ]
    assert found[2]["items"][0]["adjustments"] == [{"amount": -4.0, "description": "restocking"}]
    assert found[3]["uses_merchant_override_values"]


async def test_every_kind_of_charge_can_be_refunded(world, paid, refunds_of):
    number = paid(
        shipping="4.90", handling="2.00", wrapping="3.00", fees=[("Insurance", "1.00", "19")]
    )

    world.refunds(number, wrapping=[("A", 3)], shipping="4.90", handling="2.00", fee=(1, "1.00"))

    refund = (await refunds_of(number))[0]
    assert refund["total_amount"] == 10.9
    assert [item["item_type"] for item in refund["items"]] == [
        "GIFT_WRAPPING",
        "SHIPPING",
        "HANDLING",
        "FEE",
    ]


async def test_prices_without_tax_get_the_tax_back_on_top(make_world):
    world = make_world(prices_include_tax=False)
    number = world.shopper_orders([("A", 3, "20.00", "19")], shipping="10.00")
    world.pays(number)

    world.refunds(number, items=[("A", 1)], shipping="10.00")

    refund = world.store.orders[number].refunds[0]
    assert (str(refund.amount), str(refund.tax)) == ("35.70", "5.70")


async def test_the_gateway_may_answer_late_or_decline(world, ask, paid, refunds_of):
    number = paid()
    waits = world.refund_pends(number, items=[("A", 1)])
    with pytest.raises(Refused, match="under way"):
        world.refunds(number, items=[("B", 1)])
    pending = (await refunds_of(number))[0]["payments"][0]
    world.refund_settles(waits)
    settled = (await refunds_of(number))[0]["payments"][0]
    fails = world.refund_pends(number, items=[("B", 1)])
    world.refund_fails(fails, "no funds")
    declined = (await refunds_of(number))[1]["payments"][0]
    answer = await ask("GET", f"v3/orders/{number}/transactions")

    events = [(t["event"], t["status"], t["id"]) for t in answer.json()["data"]]
    assert "transaction_id" not in pending
    assert events[1] == ("refund", "ok", int(settled["transaction_id"]))
    assert events[2][:2] == ("refund", "error")
    assert (declined["is_declined"], declined["declined_message"]) == (True, "no funds")
    assert world.refunds(number, items=[("B", 1)])


async def test_a_declined_refund_leaves_the_order_as_it_was(world, paid):
    number = paid()
    before = world.store.orders[number].status_id

    world.refund_fails(world.refund_pends(number, items=[("A", 3), ("B", 1)]))

    order = world.store.orders[number]
    assert (order.status_id, order.payment_status) == (before, "captured")


async def test_a_guest_gets_no_store_credit(ask, paid):
    number = paid()
    body = {
        "items": [{"item_type": "ORDER", "item_id": number, "amount": 5}],
        "payments": [{"provider_id": "storecredit", "amount": 5, "offline": False}],
    }

    refused = await ask("POST", f"v3/orders/{number}/payment_actions/refunds", json=body)

    assert refused.status_code == 422
    assert "guest" in refused.json()["data"][0]["title"]


async def test_tenders_get_their_own_back_and_owed_value_last(world, refunds_of):
    shopper = world.registers_customer("ada@example.com")
    number = world.shopper_orders(CART, customer=shopper, store_credit="39.00")
    world.pays(number)

    world.refunds(number, amount="50.00")

    payments = (await refunds_of(number))[0]["payments"]
    assert [(p["provider_id"], p["amount"]) for p in payments] == [
        ("stripe", 43.1),
        ("storecredit", 6.9),
    ]


async def test_the_shop_tells_of_a_refund_and_keeps_the_goods_out_of_stock(world, ask):
    world.adds_product("A", 10)
    number = world.shopper_orders(CART)
    world.pays(number)
    world.store.outbox.clear()

    refund = world.refunds(number, items=[("A", 3)])

    told = [(notice.scope, notice.data) for notice in world.store.outbox]
    lines = (await ask("GET", f"v2/orders/{number}/products")).json()
    assert world.store.products["A"].on_hand == {1: 7}
    assert [(line["is_refunded"], line["quantity_refunded"]) for line in lines] == [
        (True, 3),
        (False, 0),
    ]
    assert [scope for scope, _ in told] == [
        "store/order/refund/created",
        "store/order/updated",
        "store/order/statusUpdated",
        "store/order/transaction/created",
    ]
    assert told[0][1] == {"type": "order", "id": number, "refund": {"refund_id": refund}}
    assert told[2][1]["status"] == {"previous_status_id": 11, "new_status_id": 14}
