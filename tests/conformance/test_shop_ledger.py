"""What every shop must list for a reconciliation."""

from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.ports.ledger import ShopLedger
from b1bridge.ports.shop import OrderSource, RefundSource

CAPABILITY = ShopLedger
CART = [("A-1", 3, "19.99", "19"), ("B-2", 1, "9.99", "7")]
DAY = datetime(2026, 11, 20, tzinfo=UTC)
LONG = timedelta(days=3650)

pytestmark = pytest.mark.anyio


async def placed(shop, since=DAY, until=DAY + timedelta(days=1)):
    return [one async for one in shop.orders_placed(since, until)]


async def made(shop, since=DAY - LONG, until=DAY + LONG):
    return [one async for one in shop.refunds_made(since, until)]


async def test_it_is_what_it_says(shop):
    assert isinstance(shop, ShopLedger)


async def test_the_list_tells_what_the_order_itself_tells(world, shop):
    number = world.shopper_orders(CART, shipping="4.90", placed_at=DAY)

    (found,) = await placed(shop)

    assert isinstance(shop, OrderSource)
    order = await shop.order(Ref("c1", "order", str(number)))
    assert (found.ref, found.number, found.state) == (order.ref, order.number, order.state)
    assert (found.total, found.tax) == (order.total, order.tax_total)
    assert found.placed_at == order.placed_at
    assert await shop.order_summary(order.ref) == found


async def test_a_day_has_its_first_moment_and_not_its_last(world, shop):
    numbers = [
        world.shopper_orders(CART, placed_at=moment)
        for moment in (
            DAY - timedelta(seconds=1),
            DAY,
            DAY + timedelta(hours=23, minutes=59, seconds=59),
            DAY + timedelta(days=1),
        )
    ]

    assert [one.number for one in await placed(shop)] == [str(numbers[1]), str(numbers[2])]


async def test_cancelled_orders_are_listed_too(world, shop):
    number = world.shopper_orders(CART, placed_at=DAY)
    world.cancels(number)

    assert [one.state.value for one in await placed(shop)] == ["cancelled"]


async def test_what_was_taken_is_told_right_or_not_at_all(world, shop):
    unpaid, paid, partly = (world.shopper_orders(CART, placed_at=DAY) for _ in range(3))
    world.pays(paid)
    world.pays(partly, "5.00")

    found = {one.number: one for one in await placed(shop)}

    whole, part = found[str(paid)], Money.of("5.00", "EUR")
    assert found[str(unpaid)].received in {None, Money.zero("EUR")}
    assert whole.received in {None, whole.total}
    assert found[str(partly)].received in {None, part}


async def test_refunds_are_listed_as_they_are_read(world, shop):
    numbers = [world.shopper_orders(CART) for _ in range(2)]
    for number in numbers:
        world.pays(number)
        world.refunds(number, amount="5.00")
    world.refunds(numbers[0], amount="1.00")

    found = await made(shop)

    assert isinstance(shop, RefundSource)
    read = {
        one.ref: one.made_at
        for number in numbers
        for one in await shop.refunds(Ref("c1", "order", str(number)))
    }
    assert {one.ref: one.made_at for one in found} == read
    assert {one.order.id for one in found} == {str(number) for number in numbers}


async def test_refunds_of_other_days_are_left_out(world, shop):
    number = world.shopper_orders(CART)
    world.pays(number)
    world.refunds(number, amount="5.00")
    (one,) = await made(shop)

    assert await made(shop, until=one.made_at) == []
    assert await made(shop, since=one.made_at, until=one.made_at + LONG) == [one]


async def test_an_order_that_is_not_there_is_none(shop):
    assert await shop.order_summary(Ref("c1", "order", "987654")) is None
