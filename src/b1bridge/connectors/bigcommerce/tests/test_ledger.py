"""What a store sold and gave back is listed, with few requests."""

from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.testing.worlds import connect

pytestmark = pytest.mark.anyio

CART = [("A", 1, "100.00", "19")]
DAY = datetime(2026, 11, 21, tzinfo=UTC)


def eur(amount):
    return Money.of(amount, "EUR")


async def listed(store, since=DAY, days=1):
    return [one async for one in store.orders_placed(since, since + timedelta(days=days))]


async def test_a_paid_order_is_listed_with_its_amounts(make_world, clock):
    world = make_world(prices_include_tax=True)
    number = world.shopper_orders(CART)
    world.pays(number)

    (found,) = await listed(connect(CONNECTOR, world, name="shop"))

    assert (found.ref, found.number) == (Ref("shop", "order", str(number)), str(number))
    assert (found.total, found.tax) == (eur("100.00"), eur("15.97"))
    assert (found.received, found.returned) == (eur("100.00"), eur(0))
    assert (found.state, found.placed_at) == (OrderState.OPEN, clock())


async def test_an_order_belongs_to_the_days_it_was_placed_in(world, store, clock):
    early = world.shopper_orders(CART)
    clock.forward(days=1)
    late = world.shopper_orders(CART)

    assert [one.number for one in await listed(store)] == [str(early)]
    assert [one.number for one in await listed(store, days=2)] == [str(early), str(late)]


async def test_a_moment_after_the_last_is_not_listed(world, store, clock):
    clock.forward(hours=15)
    world.shopper_orders(CART)

    assert await listed(store) == []


async def test_many_orders_are_paged_and_each_is_listed_once(world, store):
    numbers = [str(world.shopper_orders(CART)) for _ in range(501)]

    assert [one.number for one in await listed(store)] == numbers


async def test_what_the_list_does_not_tell_stays_open(world, store):
    unpaid, partly, refunded = (world.shopper_orders(CART) for _ in range(3))
    world.pays(partly, "10.00")
    world.pays(refunded)
    world.refunds(refunded, amount="5.00")

    found = {one.number: one for one in await listed(store)}

    assert found[str(unpaid)].received == eur(0)
    assert found[str(partly)].received is None
    assert found[str(refunded)].returned is None


async def test_refunds_are_listed_by_the_day_they_were_made(world, store, clock):
    number = world.shopper_orders(CART)
    world.pays(number)
    clock.forward(days=3)
    made = world.refunds(number, amount="5.00")

    later = DAY + timedelta(days=3)
    found = [one async for one in store.refunds_made(later, later + timedelta(days=1))]

    assert [one.ref for one in found] == [Ref("shop", "refund", f"{number}/{made}")]
    assert [one.order.id for one in found] == [str(number)]
    assert [one async for one in store.refunds_made(DAY, DAY + timedelta(days=1))] == []


async def test_a_deleted_order_is_no_order(world, store):
    kept, archived = world.shopper_orders(CART), world.shopper_orders(CART)
    world.archives(archived)

    assert (await store.order_summary(Ref("shop", "order", str(kept)))).number == str(kept)
    assert await store.order_summary(Ref("shop", "order", str(archived))) is None
    assert await store.order_summary(Ref("shop", "order", "999999")) is None
    assert await store.order_summary(Ref("shop", "order", "A-1")) is None
    assert [one.number for one in await listed(store)] == [str(kept)]
