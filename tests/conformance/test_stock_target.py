"""What every shop must do with stock."""

import pytest

from b1bridge.domain.stock import ShopStock
from b1bridge.errors import NeedsOperator
from b1bridge.ports.shop import StockTarget

CAPABILITY = StockTarget

pytestmark = pytest.mark.anyio


async def shown(shop):
    return {level.sku: level.quantity async for level in shop.stock()}


async def level_of(shop, sku, quantity):
    places = {level.sku: level.location async for level in shop.stock()}
    return ShopStock(sku, places[sku], quantity)


async def test_it_is_what_it_says(shop):
    assert isinstance(shop, StockTarget)


async def test_what_was_set_is_shown(world, shop):
    world.adds_product("A-1", 5)
    world.adds_product("B-2", 7)

    await shop.set_stock([await level_of(shop, "A-1", 12)])

    assert await shown(shop) == {"A-1": 12, "B-2": 7}


async def test_setting_twice_changes_nothing_more(world, shop):
    world.adds_product("A-1", 5)
    level = await level_of(shop, "A-1", 12)

    await shop.set_stock([level])
    await shop.set_stock([level])

    assert await shown(shop) == {"A-1": 12}


async def test_nothing_may_be_shown(world, shop):
    world.adds_product("A-1", 5)

    await shop.set_stock([await level_of(shop, "A-1", 0)])

    assert await shown(shop) == {"A-1": 0}


async def test_more_than_one_request_takes_is_cut_up(world, shop):
    skus = [f"SKU-{number}" for number in range(2500)]
    for sku in skus:
        world.adds_product(sku, 1)
    levels = [ShopStock(level.sku, level.location, 3) async for level in shop.stock()]

    await shop.set_stock(levels)

    assert await shown(shop) == dict.fromkeys(skus, 3)


async def test_a_sku_that_is_not_sold_there_asks_for_a_person(world, shop):
    world.adds_product("A-1", 5)
    level = await level_of(shop, "A-1", 1)

    with pytest.raises(NeedsOperator, match="GHOST"):
        await shop.set_stock([ShopStock("GHOST", level.location, 1)])


async def test_a_sale_lowers_what_is_shown(world, shop):
    world.adds_product("A-1", 5)

    world.shopper_orders([("A-1", 2, "1.00", "19")])

    assert await shown(shop) == {"A-1": 3}
