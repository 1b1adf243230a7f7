"""The simulated store behaves as the vendor says, in ways that the connector need not use."""

import json

import httpx
import pytest

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.testing.worlds import client_for

pytestmark = pytest.mark.anyio

CART = [("A", 2, "10.00", "19")]


class Inbox:
    """A receiver of webhooks that refuses the first few."""

    def __init__(self, refuses=0):
        self.bodies = []
        self._refuses = refuses

    async def __call__(self, _scope, receive, send):
        body = (await receive())["body"]
        status = 503 if self._refuses > 0 else 200
        self._refuses -= 1
        if status == 200:
            self.bodies.append(json.loads(body))
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def client(self):
        return httpx.AsyncClient(transport=httpx.ASGITransport(self))


async def test_every_endpoint_keeps_the_published_contract(world, ask, contract):
    if contract is None:
        pytest.skip("no published contract here: set B1BRIDGE_SHARED")
    world.adds_product("A", 5)
    shopper = world.registers_customer("ada@example.com")
    number = world.shopper_orders(
        CART,
        customer=shopper,
        shipping="4.90",
        discount="1.00",
        coupon=("TEN", "2.00"),
        fees=[("Insurance", "1.00", "19")],
        gift_certificate="3.00",
    )
    world.pays(number, method="offline", display_name="Bank")
    paths = [
        "v2/orders?status_id=11&min_id=1&sort=date_modified:asc&page=1&limit=5",
        f"v2/orders/{number}?include=fees",
        f"v2/orders/{number}/products",
        f"v2/orders/{number}/shipping_addresses",
        f"v2/orders/{number}/coupons",
        f"v2/orders/{number}/taxes?details=true",
        f"v2/orders/{number}/fees",
        f"v3/orders/{number}/transactions",
        "v3/customers?email:in=ada@example.com",
        f"v3/customers/addresses?customer_id:in={shopper}",
        "v3/catalog/variants?sku=A",
        "v3/inventory/items?sku:in=A",
        "v3/inventory/locations",
        "v3/hooks",
        "v2/store",
        "v2/time",
        "v3/tax/settings",
    ]

    statuses = [(await ask("GET", path)).status_code for path in paths]

    assert statuses == [200] * len(paths)
    assert world.violations == []


async def test_an_unpublished_parameter_or_body_is_refused_loudly(world, ask, contract):
    if contract is None:
        pytest.skip("no published contract here: set B1BRIDGE_SHARED")
    typo = await ask("GET", "v2/orders?min_modified=1970-01-01")
    wrong = await ask(
        "PUT",
        "v3/inventory/adjustments/absolute",
        json={"items": [{"location_id": 1, "sku": "A", "variant_id": 3, "quantity": 1}]},
    )
    number = world.shopper_orders(CART)
    field = await ask("PUT", f"v2/orders/{number}", json={"external_order_id": 5})

    assert [typo.status_code, wrong.status_code, field.status_code] == [500, 500, 500]
    assert "min_modified" in world.violations[0]
    assert len(world.violations) == 3
    world.violations.clear()


async def test_an_answer_with_a_field_that_is_not_published_is_noticed(world, ask, contract):
    if contract is None:
        pytest.skip("no published contract here: set B1BRIDGE_SHARED")
    number = world.place_raw({"totl_inc_tax": "1.0000"})

    answer = await ask("GET", f"v2/orders/{number}")

    assert answer.status_code == 500
    assert "$.totl_inc_tax is not published" in world.violations[0]
    world.violations.clear()


async def test_an_unknown_path_is_not_guessed(make_world):
    world = make_world(contract=None)
    async with client_for(world) as http:
        headers = {"X-Auth-Token": world.store.access_token}
        response = await http.get("/stores/simstore/v3/pricelists", headers=headers)

    assert response.status_code == 501
    assert "v3/pricelists" in response.text


async def test_an_empty_v2_collection_has_no_body_at_all(ask):
    response = await ask("GET", "v2/orders")

    assert (response.status_code, response.content) == (204, b"")


async def test_v2_and_v3_word_their_refusals_differently(ask):
    second = await ask("GET", "v2/orders/9")
    third = await ask("GET", "v3/orders/9/transactions")

    assert second.json()[0]["status"] == 404
    assert third.json()["title"]


async def test_the_quota_counts_down_in_the_headers(make_world):
    world = make_world(quota=3)
    async with client_for(world) as http:
        headers = {"X-Auth-Token": world.store.access_token}
        answers = [await http.get("/stores/simstore/v2/time", headers=headers) for _ in range(4)]

    left = [answer.headers["x-rate-limit-requests-left"] for answer in answers]
    assert left == ["2", "1", "0", "0"]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["x-rate-limit-time-reset-ms"] == "30000"


async def test_amounts_and_dates_are_written_as_v2_writes_them(world, ask):
    number = world.shopper_orders(CART)

    order = (await ask("GET", f"v2/orders/{number}")).json()

    assert order["total_inc_tax"] == "20.0000"
    assert order["date_created"] == "Sat, 21 Nov 2026 09:00:00 +0000"
    assert order["date_shipped"] == ""


async def test_a_relative_change_needs_an_absolute_one_first(world, ask):
    world.adds_product("A", 5)
    item = {"items": [{"location_id": 1, "sku": "A", "quantity": -1}]}

    early = await ask("POST", "v3/inventory/adjustments/relative", json=item)
    absolute = {"items": [{"location_id": 1, "sku": "A", "quantity": 4}]}
    await ask("PUT", "v3/inventory/adjustments/absolute", json=absolute)
    late = await ask("POST", "v3/inventory/adjustments/relative", json=item)

    assert "requires absolute adjustment before relative" in early.json()["title"]
    assert late.status_code == 200
    assert world.store.products["A"].on_hand == {1: 3}


async def test_stock_at_the_wrong_tracking_level_is_refused(world, ask):
    variant = world.adds_product("A", 5, tracked_by="product")
    item = {"items": [{"location_id": 1, "variant_id": variant, "quantity": 1}]}

    refused = await ask("PUT", "v3/inventory/adjustments/absolute", json=item)

    assert "is tracked by product" in refused.json()["title"]


async def test_a_hook_is_made_once_read_changed_and_deleted(ask):
    wanted = {"scope": "store/order/*", "destination": "https://hub.example/in"}
    made = (await ask("POST", "v3/hooks", json=wanted)).json()["data"]
    again = await ask("POST", "v3/hooks", json=wanted)
    await ask("PUT", f"v3/hooks/{made['id']}", json={"is_active": False})
    listed = (await ask("GET", "v3/hooks")).json()["data"]
    gone = await ask("DELETE", f"v3/hooks/{made['id']}")

    assert again.status_code == 422
    assert [hook["is_active"] for hook in listed] == [False]
    assert gone.status_code == 200


async def test_notices_are_delivered_in_copies_and_out_of_order(world):
    for _ in range(20):
        world.shopper_orders(CART)
    inbox = Inbox()

    async with inbox.client() as http:
        report = await world.deliver("https://hub.example/in", copies=3, shuffle=7, http=http)

    ids = [body["data"]["id"] for body in inbox.bodies]
    assert report.statuses == {200: 60}
    assert len(set(ids)) == 20
    assert ids != sorted(ids)
    assert world.store.outbox == []


async def test_a_refused_notice_is_sent_again_and_a_dropped_one_is_lost(world):
    orders = [world.shopper_orders(CART) for _ in range(4)]
    inbox = Inbox(refuses=2)

    async with inbox.client() as http:
        lost = await world.deliver(
            "https://hub.example/in", drop=lambda n: n.data["id"] == orders[0], http=http
        )
        await world.deliver("https://hub.example/in", http=http)

    assert lost.dropped == 1
    assert sorted(body["data"]["id"] for body in inbox.bodies) == orders[1:]


async def test_a_hook_whose_receiver_never_answers_is_switched_off(world, ask):
    hook = {"scope": "store/order/*", "destination": "https://hub.example/in"}
    await ask("POST", "v3/hooks", json=hook)
    world.shopper_orders(CART)
    inbox = Inbox(refuses=99)

    async with inbox.client() as http:
        for _ in range(12):
            await world.deliver("https://hub.example/in", http=http)

    hooks = (await ask("GET", "v3/hooks")).json()["data"]
    assert [hook["is_active"] for hook in hooks] == [False]
    assert world.store.outbox == []


async def test_custom_headers_of_a_hook_come_back_on_its_notices(world, ask):
    hook = {
        "scope": "store/order/*",
        "destination": "https://hub.example/in",
        "headers": {"X-B1bridge-Secret": "psst"},
    }
    await ask("POST", "v3/hooks", json=hook)

    headers, _ = world.notice(5)

    assert headers["X-B1bridge-Secret"] == "psst"


async def test_another_process_can_drive_the_store(make_world):
    world = make_world(control=True)
    async with client_for(world) as http:
        await http.post("/control/adds_product", json={"sku": "A", "stock": 5})
        acts = [["shopper_orders", {"lines": [["A", 1, "10.00", "19"]]}] for _ in range(3)]
        placed = (await http.post("/control/bulk", json=acts)).json()["results"]
        await http.post("/control/pays", json={"order": placed[0]})
        state = (await http.get("/control/state")).json()
        stock = (await http.get("/control/stock")).json()
        unknown = await http.post("/control/explodes", json={})

    assert [order["id"] for order in state["orders"]] == placed
    assert state["orders"][0]["captured"] == state["orders"][0]["total_inc_tax"] == "10.00"
    assert stock == {"A": {"1": 2}}
    assert unknown.status_code == 404


@pytest.mark.slow
async def test_25000_orders_of_25_lines_are_held_and_paged(clock):
    world = Simulator(clock=clock)
    cart = [(f"SKU-{number}", 2, "19.99", "19") for number in range(25)]
    for _ in range(25_000):
        world.shopper_orders(cart)
        clock.forward(milliseconds=100)

    async with client_for(world) as http:
        headers = {"X-Auth-Token": world.store.access_token}
        url = "/stores/simstore/v2/orders?limit=250&page=100&sort=date_modified:asc"
        rows = (await http.get(url, headers=headers)).json()

    assert len(rows) == 250
    assert rows[-1]["total_inc_tax"] == "999.5000"
