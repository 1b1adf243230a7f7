"""Staff changes orders in the simulated store as in the control panel."""

import pytest

pytestmark = pytest.mark.anyio

CART = [("A", 5, "20.00", "19"), ("B", 1, "10.00", "7")]


@pytest.fixture
def order_of(ask):
    async def read(number):
        return (await ask("GET", f"v2/orders/{number}")).json()

    return read


async def test_a_removed_line_stays_with_quantity_zero(world, ask, order_of):
    number = world.shopper_orders(CART)

    world.removes_line(number, "B")

    lines = (await ask("GET", f"v2/orders/{number}/products")).json()
    assert [(line["sku"], line["quantity"]) for line in lines] == [("A", 5), ("B", 0)]
    assert (await order_of(number))["total_inc_tax"] == "100.0000"


async def test_quantities_prices_lines_and_shipping_change(world, order_of, clock):
    world.adds_product("A", 10)
    number = world.shopper_orders(CART, shipping="4.90")
    clock.forward(seconds=5)

    world.changes_quantity(number, "A", 4)
    world.changes_price(number, "B", "12.00")
    world.adds_line(number, ("C", 1, "5.00", "19"))
    world.changes_shipping(number, "0")
    world.changes_address(number, city="Bonn")

    order = await order_of(number)
    assert order["total_inc_tax"] == "97.0000"
    assert order["date_modified"] == "Sat, 21 Nov 2026 09:00:05 +0000"
    assert world.store.products["A"].on_hand == {1: 6}
    assert {notice.scope for notice in world.store.outbox[1:]} == {"store/order/updated"}


async def test_staff_enters_orders_and_sells_gift_certificates(world, ask, order_of):
    manual = world.staff_orders(CART)
    card = world.sells_gift_certificate("50.00")

    line = (await ask("GET", f"v2/orders/{card}/products")).json()[0]
    assert (await order_of(manual))["order_source"] == "manual"
    assert (line["type"], line["total_inc_tax"], line["total_tax"]) == (
        "giftcertificate",
        "50.0000",
        "0.0000",
    )
