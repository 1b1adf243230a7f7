"""Which money came, and how."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money

pytestmark = pytest.mark.anyio

CART = [("A", 1, "100.00", "19")]


def eur(amount):
    return Money.of(amount, "EUR")


async def paid(store, number):
    return [(p.method, p.amount) for p in await store.payments(Ref("shop", "order", str(number)))]


async def test_a_gateway_payment_is_named_by_gateway_and_method(world, store, clock):
    number = world.shopper_orders(CART)
    world.pays(number, gateway_id="ch_77")

    payment = (await store.payments(Ref("shop", "order", str(number))))[0]

    assert payment.method == "stripe/credit_card"
    assert payment.amount == eur("100.00")
    assert payment.gateway_reference == "ch_77"
    assert payment.captured_at == clock()
    assert payment.ref.kind == "payment"


async def test_an_order_without_transactions_is_not_paid(world, store):
    assert await paid(store, world.shopper_orders(CART)) == []


async def test_reserved_and_refused_money_is_no_payment(world, store):
    number = world.shopper_orders(CART)
    world.authorises(number)
    world.payment_fails(number)

    assert await paid(store, number) == []


async def test_money_that_was_reserved_counts_once_captured(world, store):
    number = world.shopper_orders(CART)
    held = world.authorises(number)
    world.captures(number, held)

    assert await paid(store, number) == [("stripe/credit_card", eur("100.00"))]


async def test_a_settlement_of_a_capture_is_not_money_twice(world, store):
    number = world.shopper_orders(CART)
    taken = world.pays(number)
    world.pays(number, "100.00", event="settled")
    world.store.orders[number].transactions[-1].reference = taken

    assert await paid(store, number) == [("stripe/credit_card", eur("100.00"))]


async def test_a_settlement_of_a_pending_payment_is_money(world, store):
    number = world.shopper_orders(CART)
    waiting = world.pays(number, "100.00", event="pending")
    world.pays(number, "100.00", event="settled")
    world.store.orders[number].transactions[-1].reference = waiting

    assert await paid(store, number) == [("stripe/credit_card", eur("100.00"))]


async def test_a_voided_purchase_never_came(world, store):
    number = world.shopper_orders(CART)
    taken = world.pays(number)
    world.pays(number, "100.00", event="void")
    world.store.orders[number].transactions[-1].reference = taken

    assert await paid(store, number) == []


async def test_a_split_tender_is_several_payments(world, store, clock):
    number = world.shopper_orders(CART, gift_certificate="50.00", store_credit="9.00")
    clock.forward(seconds=1)
    world.pays(number, "20.00", "electronic_wallet")
    clock.forward(seconds=1)
    world.pays(number)

    assert await paid(store, number) == [
        ("gift_certificate", eur("50.00")),
        ("store_credit", eur("9.00")),
        ("paypalexpress/electronic_wallet", eur("20.00")),
        ("stripe/credit_card", eur("21.00")),
    ]


async def test_a_manual_method_that_staff_marked_paid_is_one_payment(world, store):
    number = world.shopper_orders(CART)
    world.marks_paid(number, "Bank Deposit")

    assert await paid(store, number) == [("Bank Deposit", eur("100.00"))]


async def test_a_manual_method_pays_what_a_gift_certificate_left(world, store):
    number = world.shopper_orders(CART, gift_certificate="40.00")
    world.marks_paid(number, "Cheque")

    assert sorted(await paid(store, number), key=str) == [
        ("Cheque", eur("60.00")),
        ("gift_certificate", eur("40.00")),
    ]


async def test_an_offline_transaction_goes_by_its_display_name(world, store):
    number = world.shopper_orders(CART)
    world.pays(number, method="offline", display_name="Money order")
    other = world.shopper_orders(CART)
    world.pays(other, method="custom", display_name="Invoice 30 days")

    assert await paid(store, number) == [("Money order", eur("100.00"))]
    assert await paid(store, other) == [("Invoice 30 days", eur("100.00"))]


async def test_play_money_of_a_test_gateway_goes_by_a_name_of_its_own(world, store):
    number = world.shopper_orders(CART)
    world.pays(number)
    world.store.orders[number].transactions[-1].test = True

    assert await paid(store, number) == [("stripe/credit_card (test)", eur("100.00"))]
