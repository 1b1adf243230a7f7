"""What every shop must tell of the money it took."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.ports.shop import PaymentSource

CAPABILITY = PaymentSource
CART = [("A-1", 1, "100.00", "19")]

pytestmark = pytest.mark.anyio


def ref(number):
    return Ref("c1", "order", str(number))


async def test_it_is_what_it_says(shop):
    assert isinstance(shop, PaymentSource)


async def test_an_unpaid_order_has_no_payment(world, shop):
    assert await shop.payments(ref(world.shopper_orders(CART))) == ()


async def test_a_payment_is_read_back_to_the_cent(world, shop):
    number = world.shopper_orders(CART)
    world.pays(number, "30.07")

    payment = (await shop.payments(ref(number)))[0]

    assert payment.order == ref(number)
    assert payment.ref.connection == "c1"
    assert payment.amount == Money.of("30.07", "EUR")
    assert payment.method
    assert payment.captured_at.utcoffset() is not None


async def test_reserved_and_refused_money_is_left_out(world, shop):
    number = world.shopper_orders(CART)
    world.authorises(number)
    world.payment_fails(number)

    assert await shop.payments(ref(number)) == ()


async def test_reserved_money_counts_once_it_is_taken(world, shop):
    number = world.shopper_orders(CART)
    world.captures(number, world.authorises(number))

    amounts = [payment.amount for payment in await shop.payments(ref(number))]

    assert amounts == [Money.of("100.00", "EUR")]


async def test_several_payments_are_several_records_and_sum_to_the_whole(world, shop):
    number = world.shopper_orders(CART)
    world.pays(number, "40.00")
    world.pays(number)

    payments = await shop.payments(ref(number))

    assert len({payment.ref for payment in payments}) == 2
    assert Money.sum((p.amount for p in payments), "EUR") == Money.of("100.00", "EUR")


async def test_reading_twice_names_the_same_payments(world, shop):
    number = world.shopper_orders(CART, gift_certificate="20.00")
    world.pays(number)

    assert await shop.payments(ref(number)) == await shop.payments(ref(number))


async def test_a_redeemed_gift_certificate_is_a_payment_of_its_own_method(world, shop):
    number = world.shopper_orders(CART, gift_certificate="20.00")
    world.pays(number)

    payments = await shop.payments(ref(number))

    assert len({payment.method for payment in payments}) == 2
    assert Money.sum((p.amount for p in payments), "EUR") == Money.of("100.00", "EUR")
