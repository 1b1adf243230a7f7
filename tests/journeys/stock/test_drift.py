"""Each difference between shop and books is named with its cause, and nothing else is."""

from decimal import Decimal

import pytest

from b1bridge.domain.coverage import Gap
from b1bridge.domain.drift import Cause
from b1sim.company import clerk

pytestmark = pytest.mark.anyio

SKUS = ("FINE", "LATE", "EDIT", "FLIGHT", "LOST", "SOLD")


@pytest.fixture
async def in_step(both):
    """Put shop and books in step: six SKUs at 100, and eggs in packs of twelve."""
    for sku in SKUS:
        both.offers(sku, stock="100")
    both.offers("EGG", stock="96")
    await both.hub.set_crosswalk("pack", "EGG", "12")
    await both.hub.set_crosswalk("location", "1", "01")
    await both.declares(warehouses=["01", "02"])
    await both.pushes()
    both.sap.clock.move(60)
    return both


async def named(both):
    return {(d.sku, d.cause): d.off for d in await both.hub.stock_reports.drift()}


async def test_shop_and_books_in_step_drift_nowhere(in_step):
    assert await in_step.hub.stock_reports.drift() == []


async def test_each_of_six_causes_is_named_and_nothing_else(in_step):
    both, store = in_step, in_step.store.store
    both.sold_in_sap("LATE", 40)
    store.set_on_hand("EDIT", 1, 500)
    await both.sells(("FLIGHT", 3), ("GONE", 1))
    clerk.set_stock(both.sap.company, "EGG", "100")
    clerk.set_stock(both.sap.company, "LOST", "7", warehouse="02")
    both.store.adds_product("STRANGER", 4)
    await both.settled()

    assert await named(both) == {
        ("LATE", Cause.LATE): Decimal(40),
        ("EDIT", Cause.EDIT): Decimal(400),
        ("FLIGHT", Cause.IN_FLIGHT): Decimal(-3),
        ("EGG", Cause.PACK): Decimal(-4),
        ("LOST", Cause.WAREHOUSE): Decimal(-7),
        ("STRANGER", Cause.UNKNOWN): Decimal(4),
    }


async def test_a_sale_whose_notice_was_lost_is_no_manual_edit(in_step):
    in_step.store.pays(in_step.store.shopper_orders([("SOLD", 2, "10.00", "20")]))

    assert await named(in_step) == {("SOLD", Cause.IN_FLIGHT): Decimal(-2)}


async def test_what_sells_fast_comes_first(in_step):
    both = in_step
    await both.sells(("FINE", 30))
    await both.settled()
    await both.pushes()
    both.sap.clock.move(60)
    both.store.store.set_on_hand("EDIT", 1, 110)
    both.store.store.set_on_hand("FINE", 1, 80)

    (first, second) = await both.hub.stock_reports.drift()

    assert (first.sku, first.off, first.per_day, first.risk) == ("FINE", 10, 1, 10)
    assert (second.sku, second.off, second.per_day) == ("EDIT", 10, 0)
    assert "pushed 100 on" in second.told


async def test_coverage_names_what_is_missing_on_either_side(both):
    both.offers("MUG", stock="5")
    both.offers("OLD", stock="5")
    both.sap.company.patch("Items", {"ItemCode": "OLD"}, {"Frozen": "tYES"})
    both.offers("TEA", batches=True)
    both.offers("WORK", InventoryItem="tNO")
    both.offers("CASE", stock="5", SalesItemsPerUnit=12, SalesUnit="case", InventoryUOM="pc")
    clerk.add_item(both.sap.company, "HIDDEN")
    both.store.adds_product("mug", 1)
    both.store.adds_product("NEW", 1)
    await both.declares(warehouses=["01"])

    found = await both.hub.stock_reports.coverage()

    assert [(one.sku or one.item, one.gap, one.blocks) for one in found] == [
        ("NEW", Gap.NO_ITEM, True),
        ("mug", Gap.SPELLING, True),
        ("OLD", Gap.FROZEN, True),
        ("WORK", Gap.NO_PARTS, True),
        ("CASE", Gap.UNIT, False),
        ("TEA", Gap.BATCH, False),
        ("HIDDEN", Gap.NO_SKU, False),
    ]
