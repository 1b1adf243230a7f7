"""Three ways to book a prepaid order; each ends with a partner who owes nothing."""

import pytest

from .conftest import CARD, DOWN_PAYMENTS, RECEIVABLES

pytestmark = pytest.mark.anyio

ORDERED = ("order-to-sales-order", "sales-order-to-invoice", "payment-to-incoming-payment")
PREPAID = ("order-to-sales-order", "payment-to-down-payment", "sales-order-to-invoice")
PREPAID += ("payment-to-incoming-payment",)
RESERVED = ("order-to-invoice", "payment-to-incoming-payment")
CART = [("MUG", 5, "20.00", "19"), ("LAMP", 1, "7.77", "7")]


async def paid_order(town, shipping="4.95"):
    order = town.store.shopper_orders(CART, shipping=shipping, shipping_rate="19")
    town.store.pays(order)
    await town.knock(order)
    return order


@pytest.mark.parametrize(
    "flows", [ORDERED, RESERVED, PREPAID], ids=["ordered", "reserved", "prepaid"]
)
async def test_a_paid_order_ends_with_a_partner_who_owes_nothing(town, flows):
    await town.switches_on(*flows, **{"order-to-invoice": {"reserve": "yes"}})

    order = await paid_order(town)

    assert await town.cases() == []
    assert (town.owing(), town.still_open()) == ({}, [])
    received = town.store.received(order)
    assert (town.balance(RECEIVABLES), town.balance(CARD)) == (0, received)
    assert town.balance(DOWN_PAYMENTS) == 0
    assert list(town.posted("Invoices")) == [f"shop/order/{order}"]
