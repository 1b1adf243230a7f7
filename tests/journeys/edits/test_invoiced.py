"""An invoiced order that changes: credited, invoiced anew, called off; always to the cent."""

from dataclasses import replace
from decimal import Decimal

import pytest

from b1bridge.engine.flow import Did
from b1bridge.testing.crashes import Crash

pytestmark = pytest.mark.anyio

INVOICE = "order-to-invoice"
MUGS = ("MUG", 5, "20.00", "19")


async def test_fewer_pieces_of_an_unpaid_order_are_credited_by_the_rows_of_its_invoice(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order)
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    outcome = await journey.tell(order)

    (memo,) = journey.standing("CreditNotes")
    (invoice,) = journey.standing("Invoices")
    assert outcome.did is Did.POSTED
    assert memo["NumAtCard"] == f"shop/order/{order}+1"
    assert memo["DocumentLines"][0]["BaseEntry"] == invoice["DocEntry"]
    assert journey.net() == journey.owing() == journey.charged(order)
    assert journey.gone() == {"MUG": 4}


async def test_fewer_pieces_of_a_paid_order_are_credited_alone_and_the_money_is_owed_back(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    paid = journey.charged(order)
    await journey.tell(order)
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    await journey.tell(order, INVOICE)

    (memo,) = journey.standing("CreditNotes")
    assert memo["DocumentLines"][0]["BaseEntry"] is None
    assert journey.net() == journey.charged(order)
    assert journey.owing() == journey.charged(order) - paid
    assert journey.gone() == {"MUG": 4}


async def test_more_pieces_and_another_item_are_invoiced_besides(journey):
    order = journey.store.shopper_orders([MUGS], shipping="5.00", shipping_rate="19")
    await journey.tell(order)
    journey.store.edits(order, [("MUG", 7, "20.00", "19"), ("LAMP", 1, "35.71", "7")])

    await journey.tell(order)

    assert sorted(d["NumAtCard"] for d in journey.standing("Invoices")) == [
        f"shop/order/{order}",
        f"shop/order/{order}+1",
    ]
    assert journey.standing("CreditNotes") == []
    assert journey.net() == journey.charged(order)
    assert journey.gone() == {"MUG": 7, "LAMP": 1}


async def test_another_price_takes_all_back_and_sells_it_anew(journey):
    order = journey.store.shopper_orders([MUGS, ("LAMP", 1, "9.99", "7")])
    await journey.tell(order)
    journey.store.edits(order, [("MUG", 5, "17.50", "19"), ("LAMP", 1, "9.99", "7")])

    await journey.tell(order)

    (memo,) = journey.standing("CreditNotes")
    assert [(row["ItemCode"], row["Quantity"]) for row in memo["DocumentLines"]] == [("MUG", 5)]
    assert journey.net() == journey.charged(order)
    assert journey.gone() == {"MUG": 5, "LAMP": 1}


async def test_one_thing_for_another_at_the_same_price_is_seen(journey):
    order = journey.store.shopper_orders([("MUG", 1, "20.00", "19")])
    await journey.tell(order)
    journey.store.edits(order, [("LAMP", 1, "20.00", "19")])

    await journey.tell(order)

    assert journey.net() == journey.charged(order)
    assert journey.gone() == {"LAMP": 1}


@pytest.mark.parametrize(("before", "after"), [("5.00", "8.00"), ("5.00", "0.00")])
async def test_freight_alone_may_change(journey, before, after):
    order = journey.store.shopper_orders([MUGS], shipping=before, shipping_rate="19")
    await journey.tell(order)
    found = journey.store.store.orders[order]
    journey.store.edits(order, shipping=replace(found.shipping, cost=Decimal(after)))

    await journey.tell(order)

    assert journey.net() == journey.charged(order)
    assert journey.gone() == {"MUG": 5}


async def test_an_edit_back_to_the_original_undoes_the_change(journey):
    order = journey.store.shopper_orders([MUGS])
    whole = journey.charged(order)
    await journey.tell(order)
    for pieces in (3, 5):
        journey.store.edits(order, [("MUG", pieces, "20.00", "19")])
        await journey.tell(order)

    again = await journey.tell(order)

    assert again.did is Did.ALREADY_THERE
    assert journey.net() == whole
    assert journey.gone() == {"MUG": 5}


async def test_a_change_that_changes_no_money_and_no_goods_posts_nothing(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order)
    journey.store.edits(order, customer_message="leave it with the neighbours")

    outcome = await journey.tell(order)

    assert outcome.did is Did.ALREADY_THERE
    assert len(journey.standing("Invoices")) == 1
    assert journey.standing("CreditNotes") == []


async def test_a_cancelled_unpaid_order_is_credited_and_its_invoice_closes(journey):
    order = journey.store.shopper_orders([MUGS], shipping="4.95", shipping_rate="7")
    await journey.tell(order)
    journey.store.cancels(order)

    await journey.tell(order)
    again = await journey.tell(order)

    assert again.did is Did.ALREADY_THERE
    assert journey.net() == journey.owing() == 0
    assert journey.gone() == {}
    assert {d["DocumentStatus"] for d in journey.standing("Invoices")} == {"bost_Close"}
    assert len(journey.standing("CreditNotes")) == 1


async def test_a_cancelled_paid_order_leaves_what_was_paid_to_be_given_back(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    await journey.tell(order)
    journey.store.cancels(order)

    await journey.tell(order, INVOICE)

    assert journey.net() == 0
    assert journey.owing() == -journey.charged(order)
    assert journey.gone() == {}


async def test_a_cancellation_that_overtakes_its_unpaid_order_is_dropped(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.cancels(order)

    outcome = await journey.tell(order, INVOICE)

    assert outcome.did is Did.SKIPPED
    assert journey.standing("Invoices") == []


async def test_a_cancellation_that_overtakes_its_paid_order_is_posted_and_called_off(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    journey.store.cancels(order)

    await journey.tell(order, *(INVOICE, "payment-to-incoming-payment"))
    again = await journey.tell(order, INVOICE)

    assert again.did is Did.ALREADY_THERE
    assert [len(journey.standing(kind)) for kind in ("Invoices", "CreditNotes")] == [1, 1]
    assert journey.owing() == -journey.charged(order)
    assert journey.gone() == {}


async def test_a_cancelled_order_that_is_taken_up_again_is_invoiced_again(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order)
    journey.store.cancels(order)
    await journey.tell(order)
    journey.store.moves_to(order, 11)

    await journey.tell(order)

    assert journey.net() == journey.charged(order)
    assert journey.gone() == {"MUG": 5}


async def test_what_a_refund_has_credited_is_not_credited_by_the_edit_that_follows(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    await journey.tell(order)
    journey.store.refunds(order, items=[("MUG", 1)])
    await journey.tell(order)
    assert len(journey.standing("CreditNotes")) == 1
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    await journey.tell(order)

    assert journey.net() == journey.charged(order)
    assert len(journey.standing("CreditNotes")) == 1
    assert journey.owing() == 0
    assert journey.gone() == {"MUG": 4}


async def test_a_refund_of_what_an_edit_has_credited_is_paid_out_only(journey):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    paid = journey.charged(order)
    await journey.tell(order)
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])
    await journey.tell(order)
    back = paid - journey.charged(order)
    journey.store.refunds(order, override=(str(back), "3.80"))

    await journey.tell(order)

    assert journey.net() == journey.charged(order)
    assert len(journey.standing("CreditNotes")) == 1
    assert journey.gone() == {"MUG": 4}


async def test_a_reserve_invoice_gives_up_what_it_keeps_and_nothing_comes_into_stock(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, reserve=True)
    assert journey.kept() == {"MUG": 5}
    journey.store.edits(order, [("MUG", 3, "20.00", "19")])
    await journey.tell(order, reserve=True)
    assert (journey.kept(), journey.gone()) == ({"MUG": 3}, {})
    journey.store.cancels(order)

    await journey.tell(order, reserve=True)

    assert (journey.kept(), journey.gone()) == ({}, {})
    assert journey.net() == 0


async def test_a_paid_reserve_invoice_is_credited_without_moving_stock_and_says_what_is_left(
    journey,
):
    order = journey.store.shopper_orders([MUGS])
    journey.store.pays(order)
    await journey.tell(order, reserve=True)
    journey.store.edits(order, [("MUG", 3, "20.00", "19")])

    outcome = await journey.tell(order, reserve=True)

    assert journey.net() == journey.charged(order)
    assert journey.gone() == {}
    assert "still keeps for delivery" in outcome.reason


@pytest.mark.parametrize("nth_step", range(1, 9))
@pytest.mark.parametrize("again", ["resumed", "restarted"])
async def test_a_crash_at_any_step_of_a_change_changes_once(journey, nth_step, again):
    order = journey.store.shopper_orders([MUGS, ("LAMP", 2, "9.99", "7")])
    await journey.tell(order)
    journey.store.edits(order, [("MUG", 2, "20.00", "19"), ("LAMP", 3, "9.99", "7")])
    run = journey.dying(order, nth_step)

    with pytest.raises(Crash):
        await journey.once(order, INVOICE, run)
    await journey.once(order, INVOICE, getattr(run, again)())

    assert journey.net() == journey.charged(order)
    assert [len(journey.standing(kind)) for kind in ("Invoices", "CreditNotes")] == [2, 1]
    assert journey.gone() == {"MUG": 2, "LAMP": 3}


@pytest.mark.parametrize("lost", ["Invoices", "CreditNotes"])
async def test_a_lost_reply_to_a_change_changes_once(journey, lost):
    order = journey.store.shopper_orders([MUGS, ("LAMP", 2, "9.99", "7")])
    await journey.tell(order)
    journey.store.edits(order, [("MUG", 2, "20.00", "19"), ("LAMP", 3, "9.99", "7")])
    journey.sap.lose_reply(lost)

    await journey.tell(order)

    assert [len(journey.standing(kind)) for kind in ("Invoices", "CreditNotes")] == [2, 1]
    assert journey.net() == journey.charged(order)
