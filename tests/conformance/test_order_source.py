"""What every shop must tell of its orders."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.errors import NeedsOperator
from b1bridge.ports.shop import OrderSource

CAPABILITY = OrderSource
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CART = [("A-1", 3, "19.99", "19", "Chair"), ("B-2", 1, "9.99", "7", "Book")]

pytestmark = pytest.mark.anyio


def ref(number):
    return Ref("c1", "order", str(number))


def eur(amount):
    return Money.of(amount, "EUR")


async def test_it_is_what_it_says(shop):
    assert isinstance(shop, OrderSource)


async def test_an_order_is_read_back_to_the_cent(world, shop):
    number = world.shopper_orders(CART, shipping="4.90", discount="5.00")

    order = await shop.order(ref(number))

    parts = (*order.lines, *order.charges)
    assert order.ref == ref(number)
    assert order.currency == "EUR"
    assert Money.sum((part.gross for part in parts), "EUR") == order.total
    assert Money.sum((part.tax.amount for part in parts), "EUR") == order.tax_total
    assert all(part.net + part.tax.amount == part.gross for part in parts)
    assert Money.sum((charge.net for charge in order.charges), "EUR") == order.charge_total


async def test_the_goods_are_told_line_by_line(world, shop):
    number = world.shopper_orders(CART)

    lines = (await shop.order(ref(number))).lines

    assert [(line.sku, line.quantity, line.name) for line in lines] == [
        ("A-1", 3, "Chair"),
        ("B-2", 1, "Book"),
    ]
    assert [line.tax.rate for line in lines] == [19, 7]
    assert lines[0].tax.code != lines[1].tax.code


async def test_the_exact_side_is_the_price_as_entered(world, shop):
    number = world.shopper_orders(CART)

    order = await shop.order(ref(number))

    exact = [line.gross if order.prices_include_tax else line.net for line in order.lines]
    assert exact == [eur("59.97"), eur("9.99")]


async def test_who_ordered_and_where_it_goes_is_told(world, shop):
    number = world.shopper_orders(CART, email="Guest@Example.com")

    order = await shop.order(ref(number))

    assert order.customer.ref is None
    assert order.customer.email == "Guest@Example.com"
    assert len(order.billing.country) == 2
    assert order.shipping.street_1


async def test_a_registered_shopper_is_named(world, shop):
    shopper = world.registers_customer("ada@example.com")
    number = world.shopper_orders(CART, customer=shopper, email="ada@example.com")

    customer = (await shop.order(ref(number))).customer

    assert customer.ref == Ref("c1", "customer", str(shopper))


async def test_a_cancelled_order_is_no_open_sale(world, shop):
    number = world.shopper_orders(CART)
    before = (await shop.order(ref(number))).state

    world.cancels(number)

    assert before is OrderState.OPEN
    assert (await shop.order(ref(number))).state is OrderState.CANCELLED


async def test_a_guessed_total_is_never_needed(world, shop):
    number = world.shopper_orders([("A-1", 7, "0.37", "19")], discount="0.11")

    order = await shop.order(ref(number))

    assert order.lines[0].gross == order.total
    assert order.total.amount == order.total.rounded().amount


async def test_moments_are_aware_and_in_order(world, shop):
    placed = datetime(2026, 10, 31, 23, 40, tzinfo=UTC)
    number = world.shopper_orders(CART, placed_at=placed)

    order = await shop.order(ref(number))

    assert order.placed_at == placed
    assert order.modified_at >= order.placed_at
    assert order.modified_at.utcoffset() is not None


async def test_changes_are_found_oldest_first(world, shop):
    now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    placed = [world.shopper_orders(CART, placed_at=now + timedelta(seconds=n)) for n in (2, 0, 1)]

    found = [(one, moment) async for one, moment in shop.orders_changed_since(LONG_AGO)]

    assert [one for one, _ in found] == [ref(placed[1]), ref(placed[2]), ref(placed[0])]
    assert found[0][1] == now


async def test_a_change_at_the_very_moment_is_found(world, shop):
    moment = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    number = world.shopper_orders(CART, placed_at=moment)
    world.shopper_orders(CART, placed_at=moment - timedelta(seconds=1))

    found = [one async for one, _ in shop.orders_changed_since(moment)]

    assert found == [ref(number)]


async def test_an_order_that_is_not_there_asks_for_a_person(shop):
    with pytest.raises(NeedsOperator):
        await shop.order(ref(987654))


async def test_value_that_the_shop_owes_is_a_tender_and_no_discount(world, shop):
    number = world.shopper_orders([("A-1", 1, "119.00", "19")], gift_certificate="50.00")

    order = await shop.order(ref(number))

    assert sum((tender.amount.amount for tender in order.tenders), Decimal(0)) == 50
    assert Money.sum((line.gross for line in order.lines), "EUR") == order.total
