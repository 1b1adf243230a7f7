"""What people do to a deal after it was won: one order stands for each won deal, or a case asks."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1bridge.flows import deal_to_sales_order, delivery_to_deal
from b1bridge.testing.crashes import Crash
from b1bridge.testing.runs import CrashingRun
from b1sim.company import clerk

from .conftest import options_of

pytestmark = pytest.mark.anyio
FLOW = deal_to_sales_order.FLOW


@pytest.fixture
async def sold(bridge):
    """A deal of two teas that is won, and whose order is posted."""
    deal = await bridge.won_deal()
    await bridge.tell(FLOW, deal)
    return deal


def standing(bridge, kind="Orders"):
    """Return reference, customer and pieces of the orders that nobody cancelled, oldest first."""
    return [
        (one["NumAtCard"], one["CardCode"], sum(row["Quantity"] for row in one["DocumentLines"]))
        for one in bridge.sap.company.query(kind, order_by="DocEntry")
        if one["Cancelled"] == "tNO"
    ]


def noted(bridge, deal):
    """Return the number that stands on a deal, and that of its newest order."""
    numbers = [one["DocNum"] for one in bridge.sap.company.query("Orders", order_by="DocEntry")]
    (stands,) = [
        value
        for row, value in zip(bridge.rows("deal"), bridge.custom("deal", "SAP order"), strict=True)
        if row["id"] == int(deal.id)
    ]
    return stands, str(numbers[-1])


async def lost(bridge, deal):
    bridge.pipedrive.lose_deal(int(deal.id))
    return await bridge.tell(FLOW, deal)


async def won(bridge, deal):
    bridge.pipedrive.win_deal(int(deal.id))
    return await bridge.tell(FLOW, deal)


def deliver(bridge, quantity):
    order = bridge.sap.company.query("Orders", order_by="DocEntry")[-1]
    drawn = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0, "Quantity": quantity}
    made = {"CardCode": order["CardCode"], "DocumentLines": [drawn]}
    return bridge.sap.company.create("DeliveryNotes", made)


async def test_won_again_after_it_was_lost_is_an_order_of_its_own(bridge, sold):
    await lost(bridge, sold)
    assert standing(bridge) == []
    [line] = bridge.pipedrive.company.lines.values()
    bridge.pipedrive.change_line(line["id"], quantity="3")

    outcome = await won(bridge, sold)

    assert outcome.did is Did.POSTED
    assert standing(bridge) == [(f"{sold}+1", "C1", 3)]
    stands, newest = noted(bridge, sold)
    assert stands == newest


async def test_however_often_it_is_lost_and_won_one_order_stands(bridge, sold):
    for times in (1, 2, 3):
        await lost(bridge, sold)
        assert (await bridge.tell(FLOW, sold)).did is not Did.POSTED
        await won(bridge, sold)
        assert (await bridge.tell(FLOW, sold)).did is Did.ALREADY_THERE
        assert standing(bridge) == [(f"{sold}+{times}", "C1", 2)]

    await lost(bridge, sold)
    assert standing(bridge) == []


async def test_reopened_after_it_was_lost_waits_until_it_is_won(bridge, sold):
    await lost(bridge, sold)
    bridge.pipedrive.reopen_deal(int(sold.id))

    assert (await bridge.tell(FLOW, sold)).did is Did.SKIPPED
    assert standing(bridge) == []
    await won(bridge, sold)
    assert standing(bridge) == [(f"{sold}+1", "C1", 2)]


async def test_lost_and_won_between_two_looks_changes_nothing(bridge, sold):
    bridge.pipedrive.lose_deal(int(sold.id))

    assert (await won(bridge, sold)).did is Did.ALREADY_THERE
    assert standing(bridge) == [(str(sold), "C1", 2)]


async def test_the_second_order_follows_the_deal_and_hears_of_its_delivery(bridge, sold):
    await lost(bridge, sold)
    await won(bridge, sold)
    [line] = bridge.pipedrive.company.lines.values()
    bridge.pipedrive.change_line(line["id"], quantity="5")

    await bridge.tell(FLOW, sold)
    delivery = deliver(bridge, 5)
    await bridge.look(delivery_to_deal.FLOW)

    assert standing(bridge) == [(f"{sold}+1", "C1", 5)]
    assert bridge.custom("deal", "SAP delivery") == [f"delivered: {delivery['DocNum']}"]


@pytest.mark.parametrize("nth", range(1, 11))
async def test_a_death_at_any_step_of_the_second_sale_posts_one_order(bridge, sold, nth):
    await lost(bridge, sold)
    bridge.pipedrive.win_deal(int(sold.id))
    run = CrashingRun(sold, "books", bridge.run.links, nth_step=nth)
    with pytest.raises(Crash):
        await FLOW.body(run, bridge.crm, bridge.books, options_of(FLOW, {}))

    await bridge.tell(FLOW, sold)

    assert standing(bridge) == [(f"{sold}+1", "C1", 2)]


@pytest.mark.parametrize("nth", range(1, 7))
async def test_a_death_while_it_is_called_off_does_not_hide_that_it_was(bridge, sold, nth):
    bridge.pipedrive.lose_deal(int(sold.id))
    run = CrashingRun(sold, "books", bridge.run.links, nth_step=nth)
    with pytest.raises(Crash):
        await FLOW.body(run, bridge.crm, bridge.books, options_of(FLOW, {}))
    await bridge.tell(FLOW, sold)

    await won(bridge, sold)

    assert standing(bridge) == [(f"{sold}+1", "C1", 2)]


async def test_an_order_that_links_have_forgotten_is_not_posted_again(bridge, sold):
    await lost(bridge, sold)
    await won(bridge, sold)
    bridge.run.links.known.clear()
    bridge.seen.clear()

    await bridge.tell(FLOW, sold)

    assert standing(bridge) == [(f"{sold}+1", "C1", 2)]


async def test_lost_after_delivery_and_won_again_when_all_came_back_is_sold_anew(bridge, sold):
    deliver(bridge, 2)
    await lost(bridge, sold)
    assert standing(bridge, "Returns") == [(f"{sold}+1", "C1", 2)]

    await won(bridge, sold)

    assert standing(bridge) == [(str(sold), "C1", 2), (f"{sold}+1", "C1", 2)]


async def test_won_again_while_the_customer_keeps_a_part_asks_until_it_is_back(bridge, sold):
    delivery = deliver(bridge, 1)
    await lost(bridge, sold)

    with pytest.raises(NeedsOperator, match="goods of it are with the customer") as case:
        await won(bridge, sold)
    assert (case.value.reason, len(standing(bridge))) == ("EDIT_CONFLICT", 1)
    drawn = {"BaseType": 15, "BaseEntry": delivery["DocEntry"], "BaseLine": 0, "Quantity": 1}
    bridge.sap.company.create("Returns", {"CardCode": "C1", "DocumentLines": [drawn]})
    await bridge.tell(FLOW, sold)

    assert standing(bridge)[1:] == [(f"{sold}+1", "C1", 2)]


async def test_a_deal_deleted_after_delivery_moves_no_goods_before_a_person_says_so(bridge, sold):
    deliver(bridge, 1)
    bridge.pipedrive.delete("deal", int(sold.id))

    with pytest.raises(NeedsOperator, match="deleted or merged") as case:
        await bridge.tell(FLOW, sold)

    assert case.value.reason == "EDIT_CONFLICT"
    assert standing(bridge) == [(str(sold), "C1", 2)]
    assert standing(bridge, "Returns") == []


async def test_a_deleted_deal_that_is_restored_is_sold_anew(bridge, sold):
    bridge.pipedrive.delete("deal", int(sold.id))
    await bridge.tell(FLOW, sold)
    assert standing(bridge) == []
    [row] = bridge.rows("deal")
    row |= {"is_deleted": False, "status": "won", "update_time": "2030-01-01T00:00:00Z"}

    await bridge.tell(FLOW, sold)

    assert standing(bridge) == [(f"{sold}+1", "C1", 2)]


async def test_moved_back_behind_its_stage_the_order_stays_until_it_is_lost(bridge):
    deal = await bridge.won_deal()
    bridge.pipedrive.reopen_deal(int(deal.id))
    bridge.pipedrive.move_stage(int(deal.id), "Negotiation")
    staged = {"on": "Negotiation"}
    await bridge.tell(FLOW, deal, **staged)
    bridge.pipedrive.move_stage(int(deal.id), "Qualified")

    outcome = await bridge.tell(FLOW, deal, **staged)

    assert "open again" in outcome.reason
    assert standing(bridge) == [(str(deal), "C1", 2)]
    bridge.pipedrive.lose_deal(int(deal.id))
    await bridge.tell(FLOW, deal, **staged)
    assert standing(bridge) == []


async def other_customer(bridge):
    clerk.add_partner(bridge.sap.company, "C2", "Bo Ek KB")
    organization = bridge.pipedrive.add_organization("Bo Ek KB")
    theirs = Ref("books", "business partner", "C2")
    await bridge.run.links.link(Ref("crm", "organization", str(organization)), theirs)
    return organization


async def test_another_organization_asks_and_the_books_may_answer(bridge, sold):
    bridge.pipedrive.change_deal(int(sold.id), org_id=await other_customer(bridge))

    with pytest.raises(NeedsOperator, match="business partner C2 now") as case:
        await bridge.tell(FLOW, sold)
    assert case.value.reason == "EDIT_CONFLICT"
    [order] = bridge.sap.company.query("Orders")
    bridge.sap.company.act("Orders", {"DocEntry": order["DocEntry"]}, "Cancel")
    bridge.post("Orders", CardCode="C2", NumAtCard=str(sold))
    await bridge.tell(FLOW, sold)

    assert standing(bridge) == [(str(sold), "C2", 2)]


async def test_another_organization_asks_and_sales_may_answer(bridge, sold):
    bridge.pipedrive.change_deal(int(sold.id), org_id=await other_customer(bridge))
    with pytest.raises(NeedsOperator):
        await bridge.tell(FLOW, sold)

    await lost(bridge, sold)
    await won(bridge, sold)

    assert standing(bridge) == [(f"{sold}+1", "C2", 2)]


async def test_merged_deals_are_one_order_of_all_that_both_sold(bridge, sold):
    [organization], [product] = bridge.rows("organization"), bridge.rows("product")
    other = bridge.pipedrive.add_deal("One more tea", organization["id"])
    taxed = {"tax": "20", "tax_method": "exclusive"}
    bridge.pipedrive.add_product_to_deal(other, product["id"], "1", "10", **taxed)
    bridge.pipedrive.win_deal(other)
    survivor = Ref("crm", "deal", str(other))
    await bridge.tell(FLOW, survivor)
    bridge.pipedrive.merge_deals(int(sold.id), other)

    for deal in (survivor, sold):
        await bridge.tell(FLOW, deal)

    assert standing(bridge) == [(str(survivor), "C1", 3)]
