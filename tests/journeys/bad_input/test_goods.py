"""What an order may sell, and what it may not: SKUs, quantities, prices of nothing."""

from decimal import Decimal

import pytest

from b1sim.company import clerk

pytestmark = pytest.mark.anyio


async def test_an_unknown_sku_is_a_case_that_a_person_at_the_command_line_retries(office, store):
    order = store.shopper_orders([("GHOST", 2, "4.00", "20"), ("MUG", 1, "1.00", "20")])

    case = await office.stuck(order)
    assert (case.reason, office.holds_nothing(order)) == ("MISSING_ITEM", True)
    assert "no item 'GHOST'" in case.message
    clerk.add_item(office.company, "GHOST", stock="5")
    told = await office.type("cases", "retry", case.id)
    await office.settled()

    assert "1 case queued again" in told
    assert office.total(order) == "10.80"
    assert (await office.hub.case(case.id)).state == "resolved"


async def test_a_sku_in_other_letter_case_is_named_and_mapped(office, store):
    clerk.add_item(office.company, "Bottle", stock="9")
    order = store.shopper_orders([("BOTTLE", 1, "4.00", "20")])

    case = await office.stuck(order)
    assert "'BOTTLE' (but has Bottle: only the case differs)" in case.message
    await office.hub.set_crosswalk("sku", "BOTTLE", "Bottle")
    await office.retry(case)

    (line,) = office.invoice(order)["DocumentLines"]
    assert line["ItemCode"] == "Bottle"


async def test_two_items_that_differ_by_letter_case_are_both_sold_as_themselves(office, store):
    clerk.add_item(office.company, "84952c", stock="9")
    clerk.add_item(office.company, "84952C", stock="9")
    order = store.shopper_orders([("84952c", 2, "3.00", "20"), ("84952C", 1, "5.00", "20")])

    await office.bring(order)

    lines = office.invoice(order)["DocumentLines"]
    sold = {line["ItemCode"]: (line["Quantity"], line["LineTotal"]) for line in lines}
    assert sold == {"84952c": (2, 6), "84952C": (1, 5)}


async def test_a_line_without_a_sku_is_a_case_that_says_so(office, store):
    order = store.shopper_orders([("", 1, "4.00", "20", "Engraving")])

    case = await office.stuck(order)

    assert case.reason == "MISSING_ITEM"
    assert "Engraving" in case.message
    store.store.orders[order].lines[0].sku = "PEN"
    await office.retry(case)
    assert office.total(order) == "4.80"


async def test_a_line_of_quantity_zero_is_no_line(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20"), ("BAG", 0, "9.00", "20")])

    await office.bring(order)

    assert [line["ItemCode"] for line in office.invoice(order)["DocumentLines"]] == ["MUG"]


async def test_an_order_of_nothing_but_quantity_zero_names_what_it_lists(office, store):
    order = store.shopper_orders([("BAG", 0, "9.00", "20"), ("PEN", 0, "1.00", "20")])

    case = await office.stuck(order)

    assert case.reason == "NO_LINES"
    assert "comes to 0.00 EUR and sells nothing" in case.message
    assert office.holds_nothing(order)
    store.edits(order, [("BAG", 1, "9.00", "20")])
    await office.retry(case)
    assert office.total(order) == "10.80"


async def test_a_price_without_a_quantity_is_a_case(office, store):
    line = {"sku": "MUG", "quantity": 0, "price": "0", "tax_rate": "20"}
    raw = {"raw": {"total_ex_tax": "4.0000", "total_inc_tax": "4.8000", "total_tax": "0.8000"}}
    order = store.shopper_orders([line | raw, ("PEN", 1, "1.00", "20")])

    case = await office.stuck(order)

    assert case.reason == "BAD_QUANTITY"
    assert "MUG" in case.message


@pytest.mark.parametrize(("price", "told"), [("2.50", "-7.50 EUR"), ("0.00", "0.00 EUR")])
async def test_a_negative_quantity_is_told_once_and_plainly(office, store, price, told):
    order = store.shopper_orders(
        [("MUG", -3, price, "0", "MUG"), ("LAMP", 1, "50.00", "0")], placed_at="2026-11-02T10:00Z"
    )

    case = await office.stuck(order)

    assert case.reason == "BAD_QUANTITY"
    assert "MUG MUG" not in case.message
    assert "-0.00" not in case.message
    assert f"(MUG) sells -3 for {told}" in case.message
    assert office.holds_nothing(order)
    store.edits(order, [("LAMP", 1, "50.00", "0")])
    await office.retry(case)
    assert office.total(order) == "50.00"


async def test_1114_lines_are_one_invoice_once_their_rounding_is_allowed(office, store):
    order = store.shopper_orders([("MUG", 1, "0.42", "19")] * 1114)

    case = await office.stuck(order)
    assert case.reason == "TOTAL_MISMATCH"
    assert "557.00 EUR" in case.message  # 1114 times 0.42 and 0.08
    assert "556.78 EUR" in case.message  # 467.88 and 19 per cent of it
    assert "rounding explains 0.20 of 1114 rows" in case.message
    assert "tolerance_cap" in case.fix
    await office.allow(tolerance_cap="0.30")
    await office.retry(case)

    assert office.total(order) == "557.00"
    assert len(office.invoice(order)["DocumentLines"]) == 1114


@pytest.mark.parametrize(
    "cart",
    [
        {"lines": [("MUG", 2, "5.00", "20"), ("PEN", 1, "2.00", "7")], "discount": "12.00"},
        {"lines": [("MUG", 2, "0.00", "20"), ("PEN", 1, "0.00", "7")]},
    ],
    ids=["all discounted", "all free"],
)
async def test_an_order_of_nothing_is_an_invoice_of_nothing_and_no_payment(office, store, cart):
    lines = cart.pop("lines")
    order = store.shopper_orders(lines, **cart)

    await office.bring(order)

    assert await office.cases(order) == []
    assert office.total(order) == "0.00"
    assert office.payments(order) == []


async def test_a_frozen_item_is_released_and_retried(office, store):
    clerk.add_item(office.company, "ICE", stock="9")
    clerk.freeze(office.company, "Items", "ICE")
    order = store.shopper_orders([("ICE", 1, "4.00", "20")])

    case = await office.stuck(order)
    assert (case.reason, "ICE: frozen" in case.message) == ("ITEM_FROZEN", True)
    clerk.freeze(office.company, "Items", "ICE", frozen=False)
    await office.retry(case)

    assert office.total(order) == "4.80"


async def test_an_item_that_is_not_for_sale_is_marked_and_retried(office, store):
    clerk.add_item(office.company, "SCRAP", stock="9", SalesItem="tNO")
    order = store.shopper_orders([("SCRAP", 1, "4.00", "20")])

    case = await office.stuck(order)
    assert (case.reason, "SCRAP" in case.message) == ("NOT_A_SALES_ITEM", True)
    office.company.patch("Items", {"ItemCode": "SCRAP"}, {"SalesItem": "tYES"})
    await office.retry(case)

    assert office.total(order) == "4.80"


async def test_a_batch_item_needs_its_batch_on_an_invoice_and_none_on_a_sales_order(office, store):
    clerk.add_item(office.company, "CREAM", batches=True)
    order = store.shopper_orders([("CREAM", 1, "4.00", "20")])

    await office.bring(order, at="desk")
    case = await office.stuck(order)

    (entered,) = office.documents(order, "desk", kind="Orders")
    assert entered["DocTotal"] == Decimal("4.8")
    assert (case.reason, "CREAM" in case.message) == ("BATCH_NEEDED", True)
    office.company.patch("Items", {"ItemCode": "CREAM"}, {"ManageBatchNumbers": "tNO"})
    clerk.receive_stock(office.company, "CREAM", "5")
    await office.retry(case)
    assert office.total(order) == "4.80"


async def test_short_stock_is_refused_by_sap_and_posts_once_goods_came_in(office, store):
    clerk.add_item(office.company, "RARE", stock="1")
    order = store.shopper_orders([("RARE", 3, "4.00", "20")])
    store.pays(order)

    case = await office.stuck(order)
    assert (case.reason, "line 1 sells RARE" in case.message) == ("STOCK_SHORT", True)
    assert office.holds_nothing(order)
    clerk.receive_stock(office.company, "RARE", "2")
    await office.retry(case)

    assert office.total(order) == "14.40"
    assert office.payments(order) == [Decimal("14.40")]
