"""The worked numbers of correctness-rules 3.6, 3.7 and 3.9, through the whole hub."""

import pytest

from b1sim.company import clerk

pytestmark = pytest.mark.anyio

BUFFERS = {"01": "5", "02": "5"}


@pytest.fixture
async def three_warehouses(both):
    both.offers("MUG")
    for warehouse, pieces, promised in (("01", "120", 30), ("02", "45", 50), ("03", "200", 0)):
        clerk.set_stock(both.sap.company, "MUG", pieces, warehouse=warehouse)
        if promised:
            both.sold_in_sap("MUG", promised, warehouse)
    return both


@pytest.mark.parametrize(("pooled", "promised"), [(True, 75), (False, 85)])
async def test_warehouses_are_pooled_or_bound(three_warehouses, pooled, promised):
    both = three_warehouses
    await both.declares(warehouses=["01", "02"], buffers=BUFFERS, pooled=pooled)

    await both.pushes()

    assert both.shows("MUG") == promised


async def test_web_orders_that_wait_are_taken_off(three_warehouses):
    both = three_warehouses
    await both.declares(warehouses=["01", "02"], buffers=BUFFERS)
    await both.sells(("MUG", 7), ("GONE", 1))
    await both.settled()

    await both.pushes()

    assert both.shows("MUG") == 68


async def test_what_the_shop_sold_is_not_given_back_by_a_push(both):
    both.offers("MUG", stock="50", shows=50)
    await both.declares(warehouses=["01"])
    for _ in range(3):
        await both.sells(("MUG", 1), ("GONE", 1))
    await both.settled()

    run = await both.pushes()

    assert both.shows("MUG") == 47
    assert both.store.store.stock_writes == []
    assert run.figures["pushed"] == 0


async def test_a_kit_shows_what_its_scarcest_part_allows_minute_by_minute(both):
    both.offers("LAMP", stock="17", shows=17)
    both.offers("SHADE", stock="5", shows=5)
    both.offers("SET", InventoryItem="tNO")
    clerk.add_tree(both.sap.company, "SET", {"LAMP": "2", "SHADE": "1"})
    await both.declares(warehouses=["01"], moved_only=True)

    await both.pushes()
    at_first = both.shows("SET")
    both.sap.clock.move(60)
    both.sold_in_sap("SHADE", 2)
    run = await both.pushes()

    assert (at_first, both.shows("SET"), both.shows("SHADE")) == (5, 3, 3)
    assert run.figures["pushed"] == 2


async def test_a_hundred_pieces_are_eight_cases_of_twelve(both):
    both.offers("EGG", stock="100")
    await both.hub.set_crosswalk("pack", "EGG", "12")
    await both.declares(warehouses=["01"])

    await both.pushes()

    assert both.shows("EGG") == 8


async def test_an_idle_hour_writes_nothing(both):
    for number in range(20):
        both.offers(f"M{number}", stock="9")
    await both.declares(warehouses=["01"], moved_only=True)
    await both.pushes()
    written = len(both.store.store.stock_writes)

    for _ in range(6):
        both.sap.clock.move(600)
        await both.pushes()

    assert (written, len(both.store.store.stock_writes)) == (20, 20)


async def test_nothing_is_lost_while_the_hub_was_away(both):
    for sku in ("MUG", "LAMP"):
        both.offers(sku, stock="9")
    await both.declares(warehouses=["01"], moved_only=True)
    await both.pushes()
    await both.hub.stop_worker()
    both.sold_in_sap("MUG", 2)
    both.sap.clock.move(36_000)
    both.sold_in_sap("LAMP", 3)
    both.sap.clock.move(36_000)

    await both.hub.start_worker()
    await both.pushes()

    assert (both.shows("MUG"), both.shows("LAMP")) == (7, 6)
