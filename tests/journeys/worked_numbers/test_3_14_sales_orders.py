"""Edits and cancellations by the state of a sales order (correctness-rules 3.14)."""

from decimal import Decimal

import pytest

from .conftest import money

pytestmark = pytest.mark.anyio

FLOWS = ("order-to-sales-order",)
FIVE = ("MUG", 5, "20.00", "19")


async def change(desk, order, what):
    """Take one off, or cancel the order; then tell the hub."""
    if what == "edited":
        desk.store.changes_quantity(order, "MUG", 4)
    else:
        desk.store.cancels(order)
    await desk.knock(order)


def entered(desk, order):
    """Return the sales order as it stands now."""
    return desk.posted("Orders")[f"shop/order/{order}"]


def state(desk, order):
    """Return quantity and open quantity of the row, and what the document comes to."""
    found = entered(desk, order)
    (row,) = found["DocumentLines"]
    return row["Quantity"], row["RemainingOpenQuantity"], money(found["DocTotal"])


def delivers(desk, order, quantity):
    found = entered(desk, order)
    row = {"BaseType": 17, "BaseEntry": found["DocEntry"], "BaseLine": 0, "Quantity": quantity}
    delivery = {"CardCode": found["CardCode"], "DocumentLines": [row]}
    return desk.company.create("DeliveryNotes", delivery)["DocEntry"]


def returned(desk, delivery):
    """Return how many pieces came back of a delivery."""
    rows = [row for one in desk.company.query("Returns") for row in one["DocumentLines"]]
    return sum(row["Quantity"] for row in rows if row["BaseEntry"] == delivery)


async def test_what_is_not_posted_yet_is_posted_as_it_is_now(desk):
    order = desk.store.shopper_orders([FIVE])
    await change(desk, order, "edited")

    assert state(desk, order) == (4, 4, Decimal("95.20"))


async def test_what_is_not_posted_yet_and_cancelled_is_dropped(desk):
    order = desk.store.shopper_orders([FIVE])
    await change(desk, order, "cancelled")

    assert f"shop/order/{order}" not in desk.posted("Orders")
    assert await desk.cases_of(order) == []


async def test_an_open_order_is_patched(desk):
    order = await desk.sells(FIVE)
    before = state(desk, order)
    await change(desk, order, "edited")

    assert before == (5, 5, Decimal("119.00"))
    assert state(desk, order) == (4, 4, Decimal("95.20"))


async def test_an_open_order_is_cancelled(desk):
    order = await desk.sells(FIVE)
    await change(desk, order, "cancelled")

    assert entered(desk, order)["Cancelled"] == "tYES"


async def test_of_five_two_are_delivered_and_one_is_taken_off(desk):
    order = await desk.sells(FIVE)
    delivers(desk, order, 2)
    await change(desk, order, "edited")

    assert await desk.cases_of(order) == []
    assert state(desk, order) == (4, 2, Decimal("95.20"))


async def test_a_partly_delivered_order_is_closed_and_not_cancelled(desk):
    order = await desk.sells(FIVE)
    delivers(desk, order, 2)
    await change(desk, order, "cancelled")

    found = entered(desk, order)
    assert (found["DocumentStatus"], found["Cancelled"]) == ("bost_Close", "tNO")


@pytest.mark.parametrize(("what", "back"), [("edited", 1), ("cancelled", 5)])
async def test_what_was_delivered_comes_back_with_a_return(desk, what, back):
    order = await desk.sells(FIVE)
    delivery = delivers(desk, order, 5)
    await change(desk, order, what)

    assert await desk.cases_of(order) == []
    assert returned(desk, delivery) == back
    assert entered(desk, order)["DocumentStatus"] == "bost_Close"


@pytest.mark.parametrize("what", ["edited", "cancelled"])
async def test_a_line_closed_by_hand_shows_both_sides(desk, what):
    order = await desk.sells(FIVE, ("LAMP", 2, "9.99", "7"))
    entry = entered(desk, order)["DocEntry"]
    delivers(desk, order, 1)
    with desk.company.transaction():
        desk.company.books.db.execute(
            "UPDATE RDR1 SET LineStatus = 'C' WHERE DocEntry = ? AND LineNum = 1", (entry,)
        )
    await change(desk, order, what)

    ((reason, told),) = await desk.cases_of(order)
    assert reason == "EDIT_CONFLICT"
    assert "closed by hand" in told
    assert "2 LAMP for" in told
