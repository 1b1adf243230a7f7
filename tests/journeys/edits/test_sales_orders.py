"""A sales order that changes, by how far it was delivered; SAP's own rules have the last word."""

from decimal import Decimal

import pytest

from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1bridge.testing.crashes import Crash

pytestmark = pytest.mark.anyio

ORDER = "order-to-sales-order"
MUGS = ("MUG", 5, "20.00", "19")


def rows(document):
    """Return item, quantity and open quantity of each row."""
    return [
        (line["ItemCode"], int(line["Quantity"]), int(line["RemainingOpenQuantity"]))
        for line in document["DocumentLines"]
    ]


async def test_an_order_that_is_not_posted_yet_is_posted_as_it_is_now(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    await journey.tell(order, ORDER)

    assert rows(journey.order()) == [("MUG", 4, 4)]


async def test_an_order_that_is_cancelled_before_it_is_posted_is_dropped(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    journey.store.cancels(order)

    outcome = await journey.tell(order, ORDER)

    assert outcome.did is Did.SKIPPED
    assert journey.sap.company.query("Orders") == []


async def test_an_untouched_order_changes_rows_and_freight(journey):
    order = journey.store.shopper_orders(
        [MUGS, ("PEN", 2, "1.10", "7")], shipping="5.00", shipping_rate="19"
    )
    await journey.tell(order, ORDER)
    journey.store.edits(order, [("MUG", 3, "18.00", "19"), ("LAMP", 1, "35.71", "7")])

    outcome = await journey.tell(order, ORDER)
    again = await journey.tell(order, ORDER)

    assert (outcome.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert rows(journey.order()) == [("MUG", 3, 3), ("LAMP", 1, 1)]
    assert Decimal(str(journey.order()["DocTotal"])) == journey.charged(order)
    assert journey.kept() == {"MUG": 3, "LAMP": 1}


async def test_an_edit_back_to_the_original_is_followed_like_any_other(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    for pieces in (2, 5):
        journey.store.edits(order, [("MUG", pieces, "20.00", "19")])
        await journey.tell(order, ORDER)

    assert rows(journey.order()) == [("MUG", 5, 5)]


async def test_an_untouched_order_is_cancelled(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    journey.store.cancels(order)

    outcome = await journey.tell(order, ORDER)
    again = await journey.tell(order, ORDER)

    assert (outcome.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert (journey.order()["Cancelled"], journey.kept()) == ("tYES", {})


async def test_two_of_five_are_delivered_and_the_customer_takes_one_less(journey):
    """The worked number of correctness-rules 3.14: 5 x 20.00 + 19 % = 119.00."""
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    journey.delivers(2)
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    await journey.tell(order, ORDER)

    assert rows(journey.order()) == [("MUG", 4, 2)]
    assert Decimal(str(journey.order()["DocTotal"])) == journey.charged(order)
    assert journey.kept() == {"MUG": 2}


@pytest.mark.parametrize(
    ("cart", "why"),
    [
        ([("MUG", 1, "20.00", "19"), ("LAMP", 1, "9.00", "7")], "2 of 5 MUG were delivered"),
        ([("LAMP", 1, "9.00", "7")], "the shop removed it"),
        ([("MUG", 4, "19.00", "19")], "the shop now charges"),
    ],
    ids=["less than delivered", "removed", "another price"],
)
async def test_what_was_delivered_cannot_be_undone_by_an_edit(journey, cart, why):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    journey.delivers(2)
    journey.store.edits(order, cart)

    with pytest.raises(NeedsOperator, match=why) as case:
        await journey.tell(order, ORDER)

    assert case.value.reason == "EDIT_CONFLICT"
    assert "5 MUG for" in str(case.value)
    assert rows(journey.order()) == [("MUG", 5, 3)]


async def test_a_partly_delivered_order_is_closed_when_it_is_cancelled(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    journey.delivers(2)
    journey.store.cancels(order)

    outcome = await journey.tell(order, ORDER)
    again = await journey.tell(order, ORDER)

    assert (outcome.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert (journey.order()["Cancelled"], journey.order()["DocumentStatus"]) == (
        "tNO",
        "bost_Close",
    )
    assert (journey.kept(), journey.gone()) == ({}, {"MUG": 2})


async def test_a_delivered_order_with_freight_comes_back_whole_when_it_is_cancelled(journey):
    order = journey.store.shopper_orders([MUGS], shipping="4.95", shipping_rate="19")
    await journey.tell(order, ORDER)
    journey.delivers()
    journey.store.cancels(order)

    outcome = await journey.tell(order, ORDER)

    assert (outcome.did, journey.gone()) == (Did.POSTED, {})


async def test_what_was_delivered_comes_back_with_a_return(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    delivery = journey.delivers()
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    outcome = await journey.tell(order, ORDER)
    again = await journey.tell(order, ORDER)

    (back,) = journey.standing("Returns")
    assert (outcome.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert back["NumAtCard"] == f"shop/order/{order}+1"
    assert (back["DocumentLines"][0]["BaseEntry"], journey.gone()) == (
        delivery["DocEntry"],
        {"MUG": 4},
    )


async def test_a_second_return_takes_back_only_what_is_still_there(journey):
    order = journey.store.shopper_orders([MUGS, ("LAMP", 2, "9.99", "7")])
    await journey.tell(order, ORDER)
    journey.delivers()
    journey.store.edits(order, [("MUG", 4, "20.00", "19"), ("LAMP", 2, "9.99", "7")])
    await journey.tell(order, ORDER)
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    await journey.tell(order, ORDER)

    assert [back["NumAtCard"][-2:] for back in journey.standing("Returns")] == ["+1", "+2"]
    assert journey.gone() == {"MUG": 4}


async def test_all_that_was_delivered_comes_back_when_the_order_is_cancelled(journey):
    order = journey.store.shopper_orders([MUGS, ("LAMP", 2, "9.99", "7")])
    await journey.tell(order, ORDER)
    journey.delivers()
    journey.store.cancels(order)

    await journey.tell(order, ORDER)
    again = await journey.tell(order, ORDER)

    assert again.did is Did.ALREADY_THERE
    assert len(journey.standing("Returns")) == 1
    assert (journey.gone(), journey.order()["DocumentStatus"]) == ({}, "bost_Close")


@pytest.mark.parametrize(
    "cart", [[("MUG", 6, "20.00", "19")], [("MUG", 5, "19.00", "19")]], ids=["more", "cheaper"]
)
async def test_what_is_delivered_becomes_neither_more_nor_cheaper(journey, cart):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    journey.delivers()
    journey.store.edits(order, cart)

    with pytest.raises(NeedsOperator, match="all of it was delivered") as case:
        await journey.tell(order, ORDER)

    assert case.value.reason == "EDIT_CONFLICT"


@pytest.mark.parametrize("change", ["edited", "cancelled"])
async def test_an_invoiced_order_is_changed_by_its_invoice(journey, change):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    paid = journey.charged(order)
    await journey.tell(order, ORDER, "sales-order-to-invoice", "payment-to-incoming-payment")
    if change == "edited":
        journey.store.edits(order, [("MUG", 4, "20.00", "19")])
    else:
        journey.store.cancels(order)

    await journey.tell(order, ORDER)
    again = await journey.tell(order, ORDER)

    now = journey.charged(order) if change == "edited" else Decimal(0)
    assert again.did is Did.ALREADY_THERE
    assert (journey.net(), journey.owing()) == (now, now - paid)
    assert journey.gone() == ({"MUG": 4} if change == "edited" else {})


@pytest.mark.parametrize("change", ["edited", "cancelled"])
async def test_a_row_that_people_closed_is_shown_with_both_sides(journey, change):
    order = journey.store.shopper_orders([MUGS, ("LAMP", 2, "9.99", "7")])
    await journey.tell(order, ORDER)
    entry = {"DocEntry": journey.order()["DocEntry"]}
    journey.delivers(1)
    table = journey.sap.company.books
    with journey.sap.company.transaction():
        table.db.execute("UPDATE RDR1 SET LineStatus = 'C' WHERE LineNum = 1")
    if change == "edited":
        journey.store.edits(order, [MUGS])
    else:
        journey.store.cancels(order)

    with pytest.raises(NeedsOperator, match="closed by hand") as case:
        await journey.tell(order, ORDER)

    assert case.value.reason == "EDIT_CONFLICT"
    assert "2 LAMP for" in str(case.value)
    assert journey.sap.company.read("Orders", entry)["DocumentStatus"] == "bost_Open"


async def test_an_order_that_people_closed_does_not_follow_an_edit(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    journey.sap.company.act("Orders", {"DocEntry": journey.order()["DocEntry"]}, "Close")
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    with pytest.raises(NeedsOperator, match="closed by hand") as case:
        await journey.tell(order, ORDER)

    assert case.value.reason == "EDIT_CONFLICT"


@pytest.mark.parametrize("nth_step", range(1, 6))
@pytest.mark.parametrize("again", ["resumed", "restarted"])
@pytest.mark.parametrize("change", ["edited", "cancelled", "returned"])
async def test_a_crash_at_any_step_changes_once(journey, nth_step, again, change):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    if change == "returned":
        journey.delivers()
    if change == "cancelled":
        journey.store.cancels(order)
    else:
        journey.store.edits(order, [("MUG", 2, "20.00", "19")])
    run = journey.dying(order, nth_step)

    try:
        await journey.once(order, ORDER, run)
    except Crash:
        await journey.once(order, ORDER, getattr(run, again)())

    ended = {"edited": [("MUG", 2, 2)], "cancelled": [("MUG", 5, 5)], "returned": [("MUG", 5, 0)]}
    assert rows(journey.order()) == ended[change]
    assert len(journey.standing("Returns")) == (change == "returned")
    assert journey.gone() == ({"MUG": 2} if change == "returned" else {})


@pytest.mark.parametrize("change", ["edited", "cancelled"])
async def test_a_lost_reply_changes_once(journey, change):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    if change == "cancelled":
        journey.store.cancels(order)
    else:
        journey.store.edits(order, [("MUG", 2, "20.00", "19")])
    journey.sap.lose_reply("Orders")

    await journey.tell(order, ORDER)

    assert journey.kept() == ({"MUG": 2} if change == "edited" else {})
