"""What comes after a change: the invoice of what was kept, a locked month, people who decide."""

from decimal import Decimal

import pytest

from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator
from b1sim.company import clerk

pytestmark = pytest.mark.anyio

ORDER, INVOICE = "order-to-sales-order", "order-to-invoice"
MUGS = ("MUG", 5, "20.00", "19")


async def test_the_invoice_of_a_changed_order_is_of_what_it_is_now(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    journey.delivers(2)
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])
    journey.store.pays(order)

    await journey.tell(order, ORDER, "sales-order-to-invoice", "payment-to-incoming-payment")

    assert journey.net() == journey.charged(order)
    assert (journey.owing(), journey.gone()) == (0, {"MUG": 4})
    assert journey.order()["DocumentStatus"] == "bost_Close"


async def test_the_invoice_of_a_delivery_is_of_what_did_not_come_back(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    journey.delivers()
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])
    journey.store.pays(order)

    await journey.tell(order, ORDER, "sales-order-to-invoice", "payment-to-incoming-payment")
    again = await journey.tell(order, ORDER)

    assert again.did is Did.ALREADY_THERE
    assert journey.net() == journey.charged(order)
    assert (journey.owing(), journey.gone()) == (0, {"MUG": 4})


@pytest.mark.parametrize("change", ["edited", "cancelled"])
async def test_a_change_in_a_locked_month_waits_until_it_is_open(journey, change):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, INVOICE)
    month = journey.sap.clock().strftime("%Y-%m")
    clerk.lock_period(journey.sap.company, month)
    if change == "edited":
        journey.store.edits(order, [("MUG", 4, "20.00", "19")])
    else:
        journey.store.cancels(order)

    with pytest.raises(NeedsOperator) as case:
        await journey.tell(order, INVOICE)
    clerk.unlock_period(journey.sap.company, month)
    outcome = await journey.tell(order, INVOICE)

    assert case.value.reason == "PERIOD_LOCKED"
    assert outcome.did is Did.POSTED
    assert journey.net() == (journey.charged(order) if change == "edited" else 0)


async def test_a_return_in_a_locked_month_names_it_and_waits(journey):
    order = journey.store.shopper_orders([MUGS], placed_at="2026-10-05T10:00:00+00:00")
    await journey.tell(order, ORDER)
    journey.delivers()
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])
    month = journey.store.store.orders[order].modified.strftime("%Y-%m")
    clerk.lock_period(journey.sap.company, month)

    with pytest.raises(NeedsOperator, match=rf"is dated {month}-\d\d: the posting period") as case:
        await journey.tell(order, ORDER)
    clerk.unlock_period(journey.sap.company, month)
    await journey.tell(order, ORDER)

    (back,) = journey.standing("Returns")
    assert case.value.reason == "PERIOD_LOCKED"
    assert back["DocDate"].isoformat().startswith(month)


async def test_a_change_is_dated_on_its_own_day_and_never_before_its_invoice(journey):
    order = journey.store.shopper_orders([MUGS], placed_at="2026-10-05T10:00:00+00:00")
    await journey.tell(order, INVOICE)
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    await journey.tell(order, INVOICE)

    (invoice,), (memo,) = journey.standing("Invoices"), journey.standing("CreditNotes")
    changed = journey.store.store.orders[order].modified.date().isoformat()
    assert invoice["DocDate"].isoformat() == "2026-10-05"
    assert memo["DocDate"].isoformat() >= changed


@pytest.mark.parametrize("flow", [ORDER, INVOICE])
@pytest.mark.parametrize(
    ("change", "reason"), [("edited", "EDIT_AFTER_POSTING"), ("cancelled", "EDIT_CONFLICT")]
)
async def test_people_decide_where_a_sync_says_so(journey, flow, change, reason):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, flow, edits="case")
    if change == "edited":
        journey.store.edits(order, [("MUG", 4, "20.00", "19")])
    else:
        journey.store.cancels(order)

    with pytest.raises(NeedsOperator) as case:
        await journey.tell(order, flow, edits="case")

    assert case.value.reason == reason
    assert journey.standing("CreditNotes") == []


async def test_an_order_of_which_a_part_is_invoiced_shows_both_sides(journey):
    order = journey.store.shopper_orders([MUGS])
    await journey.tell(order, ORDER)
    delivery = journey.delivers(2)
    line = {"BaseType": 15, "BaseEntry": delivery["DocEntry"], "BaseLine": 0}
    heading = {key: delivery[key] for key in ("CardCode", "DocDate")}
    invoice = {"NumAtCard": f"shop/order/{order}", "DocumentLines": [line]}
    journey.sap.company.create("Invoices", heading | invoice)
    assert (await journey.tell(order, ORDER)).did is Did.ALREADY_THERE
    journey.store.edits(order, [("MUG", 4, "20.00", "19")])

    with pytest.raises(NeedsOperator, match="part of sales order 1 is invoiced") as case:
        await journey.tell(order, ORDER)

    assert case.value.reason == "EDIT_CONFLICT"
    assert str(journey.charged(order)) in str(case.value)


async def kits_ordered(journey):
    clerk.add_item(journey.sap.company, "KIT", InventoryItem="tNO")
    clerk.add_tree(journey.sap.company, "KIT", {"MUG": 2, "PEN": 1})
    journey.store.adds_product("KIT", 10)
    order = journey.store.shopper_orders([("KIT", 2, "49.90", "19")])
    await journey.tell(order, ORDER)
    assert (await journey.tell(order, ORDER)).did is Did.ALREADY_THERE
    assert journey.kept() == {"MUG": 4, "PEN": 2}
    return order


async def test_a_kit_in_an_untouched_sales_order_is_replaced_with_its_parts(journey):
    order = await kits_ordered(journey)
    journey.store.edits(order, [("KIT", 1, "49.90", "19"), ("LAMP", 1, "9.99", "7")])

    outcome = await journey.tell(order, ORDER)
    again = await journey.tell(order, ORDER)

    assert (outcome.did, again.did) == (Did.POSTED, Did.ALREADY_THERE)
    assert journey.kept() == {"MUG": 2, "PEN": 1, "LAMP": 1}
    assert Decimal(str(journey.order()["DocTotal"])) == journey.charged(order)


async def test_a_kit_of_which_a_part_was_delivered_is_changed_by_people(journey):
    order = await kits_ordered(journey)
    journey.delivers(1)
    journey.store.edits(order, [("KIT", 1, "49.90", "19")])

    with pytest.raises(NeedsOperator, match="kit") as case:
        await journey.tell(order, ORDER)

    assert case.value.reason == "EDIT_CONFLICT"


async def test_a_kit_that_was_invoiced_comes_back_with_its_parts(journey):
    clerk.add_item(journey.sap.company, "KIT", InventoryItem="tNO")
    clerk.add_tree(journey.sap.company, "KIT", {"MUG": 2, "PEN": 1})
    journey.store.adds_product("KIT", 10)
    order = journey.store.shopper_orders([("KIT", 2, "49.90", "19")])
    await journey.tell(order, INVOICE)
    assert journey.gone() == {"MUG": 4, "PEN": 2}
    journey.store.edits(order, [("KIT", 1, "49.90", "19")])

    await journey.tell(order, INVOICE)

    assert journey.net() == journey.charged(order)
    assert journey.gone() == {"MUG": 2, "PEN": 1}
    assert Decimal(journey.charged(order)) > 0


async def test_kits_come_back_with_a_return_when_their_order_is_cancelled(journey):
    clerk.add_item(journey.sap.company, "KIT", InventoryItem="tNO")
    clerk.add_tree(journey.sap.company, "KIT", {"MUG": 2, "PEN": 1})
    journey.store.adds_product("KIT", 10)
    order = journey.store.shopper_orders([("KIT", 2, "49.90", "19")])
    await journey.tell(order, ORDER)
    document = journey.order()
    base = {"BaseType": 17, "BaseEntry": document["DocEntry"], "BaseLine": 0}
    heading = {key: document[key] for key in ("CardCode", "DocDate")}
    journey.sap.company.create("DeliveryNotes", heading | {"DocumentLines": [base]})
    assert journey.gone() == {"MUG": 4, "PEN": 2}
    journey.store.cancels(order)

    await journey.tell(order, ORDER)

    assert journey.gone() == {}


async def test_a_kit_whose_parts_bear_its_price_comes_back_with_them(journey):
    clerk.add_item(journey.sap.company, "KIT", InventoryItem="tNO")
    clerk.add_tree(journey.sap.company, "KIT", {"MUG": 2, "PEN": 1})
    for item in ("MUG", "PEN"):
        clerk.set_price(journey.sap.company, item, "15.00")
    journey.store.adds_product("KIT", 10)
    order = journey.store.shopper_orders([("KIT", 2, "49.90", "19"), ("MUG", 1, "20.00", "19")])
    await journey.tell(order, INVOICE, price_parts=True)
    assert journey.gone() == {"MUG": 5, "PEN": 2}
    journey.store.edits(order, [("KIT", 1, "49.90", "19"), ("MUG", 1, "20.00", "19")])

    await journey.tell(order, INVOICE, price_parts=True)
    again = await journey.tell(order, INVOICE, price_parts=True)

    assert again.did is Did.ALREADY_THERE
    assert journey.net() == journey.charged(order)
    assert journey.gone() == {"MUG": 3, "PEN": 1}
