"""Three ways to book a prepaid order; each ends with a partner who owes nothing."""

import pytest

from .conftest import CARD, DOWN_PAYMENTS, RECEIVABLES, TAX_7, TAX_19

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


async def test_two_captures_are_two_down_payments_and_the_invoice_draws_both(town):
    await town.switches_on(*PREPAID)
    order = town.store.shopper_orders(CART, shipping="4.95", shipping_rate="19")
    town.store.pays(order, "50.00")
    await town.knock(order)
    assert town.posted("Invoices") == {}
    assert [one["DocTotal"] for one in town.company.query("DownPayments")] == [50]

    town.store.pays(order, town.charged(order) - 50)
    await town.knock(order)
    await town.knock(order)

    assert await town.cases() == []
    (invoice,) = town.company.query("Invoices")
    assert len(invoice["DownPaymentsToDraw"]) == len(town.company.query("DownPayments")) == 2
    assert (town.owing(), town.still_open()) == ({}, [])
    assert (town.balance(RECEIVABLES), town.balance(DOWN_PAYMENTS)) == (0, 0)
    assert town.balance(CARD) == town.charged(order)


async def test_an_order_delivered_in_parts_is_one_invoice_drawn_from_its_deliveries(town):
    await town.switches_on(*ORDERED, **{"sales-order-to-invoice": {"when": "delivered"}})
    order = await paid_order(town)
    (entered,) = town.company.query("Orders")
    delivers(town, entered, {0: 3})
    await town.knock(order)
    assert town.posted("Invoices") == {}

    delivers(town, entered, {0: 2, 1: 1})
    town.store.moves_to(order, 2)
    await town.knock(order)

    assert await town.cases() == []
    (invoice,) = town.company.query("Invoices")
    drawn = [(row["BaseType"], row["Quantity"]) for row in invoice["DocumentLines"]]
    assert drawn == [(15, 3), (15, 2), (15, 1)]
    assert invoice["DocTotal"] == town.charged(order)
    assert (town.owing(), town.still_open()) == ({}, [])


async def test_goods_that_left_before_the_payment_are_not_taken_from_stock_twice(town):
    await town.switches_on(*ORDERED)
    order = town.store.shopper_orders(CART, shipping="4.95", shipping_rate="19")
    await town.knock(order)
    (entered,) = town.company.query("Orders")
    delivers(town, entered, {0: 3})

    town.store.pays(order)
    await town.knock(order)

    assert await town.cases() == []
    (invoice,) = town.company.query("Invoices")
    drawn = [(row["BaseType"], row["Quantity"]) for row in invoice["DocumentLines"]]
    assert drawn == [(15, 3), (17, 2), (17, 1)]
    assert (town.owing(), town.still_open()) == ({}, [])
    assert town.company.read("Items", {"ItemCode": "MUG"})["QuantityOnStock"] == 995


def delivers(town, order, quantities):
    """Let the warehouse deliver so much of each row."""
    base = {"BaseType": 17, "BaseEntry": order["DocEntry"]}
    rows = [base | {"BaseLine": row, "Quantity": n} for row, n in quantities.items()]
    delivery = {"CardCode": order["CardCode"], "DocumentLines": rows}
    town.company.create("DeliveryNotes", delivery)


async def test_a_prepaid_order_called_off_credits_its_down_payments_and_pays_back(town):
    await town.switches_on(*PREPAID, "refund-to-credit-memo", **{PREPAID[2]: {"when": "delivered"}})
    order = await paid_order(town)
    charged = town.charged(order)
    assert town.balance(DOWN_PAYMENTS) < 0

    town.store.refunds(order, amount=f"{charged - 10}")
    town.store.refunds(order, amount="10.00")
    town.store.cancels(order)
    await town.knock(order)
    assert await town.cases() == []
    assert [one["Cancelled"] for one in town.company.query("Orders")] == ["tYES"]
    assert sum(one["DocTotal"] for one in town.company.query("CreditNotes")) == charged
    assert (town.owing(), town.still_open()) == ({}, [])
    assert (town.balance(CARD), town.balance(DOWN_PAYMENTS)) == (0, 0)
    assert town.balance(TAX_19) == town.balance(TAX_7) == 0
