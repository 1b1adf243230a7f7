"""The simulated store ships as the vendor says."""

import pytest

pytestmark = pytest.mark.anyio

CART = [("A", 10, "20.00", "19"), ("B", 1, "10.00", "7")]


@pytest.fixture
def order(world):
    number = world.shopper_orders(CART)
    world.store.outbox.clear()
    return number


def parcel(world, order, quantity, line=0, **label):
    found = world.store.orders[order]
    item = {"order_product_id": found.lines[line].id, "quantity": quantity}
    return {"order_address_id": found.address_id, "items": [item], **label}


async def test_parcels_are_entered_shown_corrected_and_deleted(world, ask, order):
    path = f"v2/orders/{order}/shipments"
    none = await ask("GET", path)
    label = {"tracking_number": "T1", "shipping_provider": "ups", "comments": "mark"}
    made = (await ask("POST", path, json=parcel(world, order, 6, **label))).json()
    put = await ask("PUT", f"{path}/{made['id']}", json={"tracking_number": "T2"})
    listed = (await ask("GET", path)).json()
    alone = (await ask("GET", f"{path}/{made['id']}")).json()
    count = (await ask("GET", f"{path}/count")).json()
    gone = await ask("DELETE", f"{path}/{made['id']}")
    again = await ask("DELETE", f"{path}/{made['id']}")

    assert none.status_code == 204
    assert (made["tracking_number"], made["comments"]) == ("T1", "mark")
    assert made["generated_tracking_link"].endswith("ups/T1")
    assert put.json() == alone == listed[0]
    assert alone["tracking_number"] == "T2"
    assert count == {"count": 1}
    assert (gone.status_code, again.status_code) == (204, 404)


async def test_no_more_leaves_than_was_ordered(world, ask, order):
    path = f"v2/orders/{order}/shipments"
    world.ships(order, [("A", 6)])

    too_much = await ask("POST", path, json=parcel(world, order, 5))
    elsewhere = await ask("POST", path, json=parcel(world, order, 1) | {"order_address_id": 1})
    nothing = await ask("POST", path, json=parcel(world, order, 1) | {"items": []})

    assert [a.status_code for a in (too_much, elsewhere, nothing)] == [400, 400, 400]
    assert "4 left to ship" in too_much.json()[0]["message"]


async def test_the_order_says_how_far_it_is(world, ask, order):
    world.ships(order, [("A", 6)])
    partly = (await ask("GET", f"v2/orders/{order}")).json()
    last = world.ships(order)
    whole = (await ask("GET", f"v2/orders/{order}")).json()
    lines = (await ask("GET", f"v2/orders/{order}/products")).json()
    world.deletes_shipment(order, last)
    after = (await ask("GET", f"v2/orders/{order}")).json()

    assert (partly["status_id"], partly["items_shipped"]) == (3, 6)
    assert (whole["status_id"], whole["items_shipped"]) == (2, 11)
    assert whole["date_shipped"]
    assert [line["quantity_shipped"] for line in lines] == [10, 1]
    assert (after["status_id"], after["items_shipped"]) == (2, 6)


async def test_a_refunded_order_stays_refunded_when_it_ships(world, ask, order):
    world.pays(order)
    world.refunds(order, items=[("B", 1)])

    world.ships(order, [("A", 10)])

    assert (await ask("GET", f"v2/orders/{order}")).json()["status_id"] == 14


async def test_the_shop_tells_of_every_parcel(world, order):
    made = world.ships(order, [("A", 6)])
    world.deletes_shipment(order, made)

    told = [(n.scope, n.data.get("orderId", n.data["id"])) for n in world.store.outbox]
    assert told == [
        ("store/shipment/created", order),
        ("store/order/statusUpdated", order),
        ("store/shipment/deleted", order),
    ]
