"""A down payment of an order that comes to less (correctness-rules 3.14): 23.80 are credited."""

from decimal import Decimal

import pytest
from tests.journeys.schemes.conftest import CARD, DOWN_PAYMENTS, RECEIVABLES

from .conftest import INVOICED, money

pytestmark = pytest.mark.anyio

PREPAID = ("order-to-sales-order", "payment-to-down-payment", "sales-order-to-invoice")
FLOWS = (*PREPAID, *INVOICED[1:])
OPTIONS = {"sales-order-to-invoice": {"when": "delivered"}}


def delivers(desk, quantity):
    (order,) = desk.company.query("Orders")
    row = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0, "Quantity": quantity}
    delivery = {"CardCode": order["CardCode"], "DocumentLines": [row]}
    desk.company.create("DeliveryNotes", delivery)


def totals(desk, kind):
    return [money(one["DocTotal"]) for one in desk.company.query(kind)]


async def test_of_five_paid_in_advance_two_are_delivered_and_one_is_taken_off(desk):
    order = desk.store.shopper_orders([("MUG", 5, "20.00", "19")])
    desk.store.pays(order)
    await desk.knock(order)
    delivers(desk, 2)
    desk.store.changes_quantity(order, "MUG", 4)
    await desk.knock(order)

    assert await desk.cases_of(order) == []
    (row,) = desk.company.query("Orders")[0]["DocumentLines"]
    assert (row["Quantity"], row["RemainingOpenQuantity"]) == (4, 2)
    assert totals(desk, "DownPayments") == [Decimal("119.00")]
    assert totals(desk, "CreditNotes") == [Decimal("23.80")]

    desk.store.refunds(order, amount="23.80")
    delivers(desk, 2)
    desk.store.moves_to(order, 2)
    await desk.knock(order)

    assert await desk.cases_of(order) == []
    assert desk.rows(order) == [(Decimal("40.00"), Decimal("7.60"))] * 2
    assert totals(desk, "Invoices") == [0]
    assert totals(desk, "CreditNotes") == [Decimal("23.80")]
    assert (desk.owing(), desk.still_open()) == ({}, [])
    assert (desk.balance(RECEIVABLES), desk.balance(DOWN_PAYMENTS)) == (0, 0)
    assert desk.balance(CARD) == Decimal("95.20")
