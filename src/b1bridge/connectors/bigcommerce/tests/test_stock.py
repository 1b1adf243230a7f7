"""Stock at each location, read and written."""

from datetime import timedelta

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.domain.stock import ShopStock
from b1bridge.errors import Rejected
from b1bridge.testing.worlds import connect

pytestmark = pytest.mark.anyio


async def shown(store):
    return [level async for level in store.stock()]


async def test_every_location_is_shown(world, store):
    world.opens_location(2, "EAST")
    world.adds_product("A", 5)
    world.store.products["A"].on_hand[2] = 7

    assert await shown(store) == [ShopStock("A", "1", 5), ShopStock("A", "2", 7)]


async def test_a_product_without_sku_is_passed_over(world, store):
    world.adds_product("", 5)
    world.adds_product("A", 1)

    assert await shown(store) == [ShopStock("A", "1", 1)]


async def test_thousands_of_levels_are_written_in_batches_the_shop_takes(world, store):
    skus = [f"SKU-{number}" for number in range(4001)]
    for sku in skus:
        world.adds_product(sku, 1)

    await store.set_stock([ShopStock(sku, "1", 9) for sku in skus])

    assert await shown(store) == [ShopStock(sku, "1", 9) for sku in skus]
    assert len(world.store.stock_writes) == 4001


async def test_nothing_to_write_is_not_written(world, store):
    await store.set_stock([])

    assert world.store.stock_writes == []


async def test_a_write_shows_after_the_shops_own_lag(make_world, clock):
    world = make_world(stock_lag=timedelta(seconds=20))
    world.adds_product("A", 5)
    store = connect(CONNECTOR, world, name="shop")

    await store.set_stock([ShopStock("A", "1", 3)])

    assert await shown(store) == [ShopStock("A", "1", 5)]
    clock.forward(seconds=20)
    assert await shown(store) == [ShopStock("A", "1", 3)]


async def test_a_sku_that_the_shop_does_not_have_is_named(store):
    with pytest.raises(Rejected, match="sku GHOST"):
        await store.set_stock([ShopStock("GHOST", "1", 3)])


async def test_a_sale_lowers_what_is_shown(world, store):
    world.adds_product("A", 5)
    world.shopper_orders([("A", 2, "1.00", "0")])

    assert await shown(store) == [ShopStock("A", "1", 3)]


async def test_named_skus_are_read_in_short_questions(world, store):
    for number in range(120):
        world.adds_product(f"SKU-{number}", number)
    wanted = {f"SKU-{number}" for number in range(0, 120, 2)} | {"GHOST"}

    found = [level async for level in store.stock(wanted)]

    assert {level.sku for level in found} == wanted - {"GHOST"}
    assert [level async for level in store.stock(frozenset())] == []


async def test_a_sku_with_a_comma_is_found_though_it_cannot_be_asked_for(world, store):
    world.adds_product("A,B", 5)
    world.adds_product("A", 1)

    found = [level async for level in store.stock({"A,B"})]

    assert found == [ShopStock("A,B", "1", 5)]
