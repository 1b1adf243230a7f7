"""An order that was paid in advance and comes to less before its invoice, or to nothing."""

from decimal import Decimal

import pytest

from b1bridge.engine.flow import Did
from b1bridge.errors import NeedsOperator, Transient

from .conftest import CARD, money

pytestmark = pytest.mark.anyio

ORDER, INVOICE = "order-to-sales-order", "sales-order-to-invoice"
PREPAID = (ORDER, "payment-to-down-payment", INVOICE)
PREPAID += ("payment-to-incoming-payment", "refund-to-credit-memo")
ORDERED = (ORDER, INVOICE, "payment-to-incoming-payment", "refund-to-credit-memo")
DELIVERED = {"when": "delivered"}


@pytest.fixture
def price(store):
    """Return what five of cost 119.00 with tax."""
    return "23.80" if store.store.inclusive else "20.00"


def balance(journey, account):
    sql = "SELECT SUM(Debit) - SUM(Credit) AS Total FROM JDT1 WHERE Account = ?"
    return money(journey.sap.company.books.row(sql, (account,))["Total"] or 0)


async def told(journey, order, flows=PREPAID):
    for name in flows:
        options = DELIVERED if name == INVOICE else {}
        await journey.once(order, name, **options)


async def test_a_down_payment_is_credited_by_what_an_edit_takes_off(journey, price):
    order = journey.store.shopper_orders([("MUG", 5, price, "19")])
    journey.store.pays(order, "119.00")
    await told(journey, order)
    journey.delivers(2)
    journey.store.edits(order, [("MUG", 4, price, "19")])

    await told(journey, order)
    await told(journey, order)

    (line,) = journey.order()["DocumentLines"]
    (memo,) = journey.standing("CreditNotes")
    assert (int(line["Quantity"]), int(line["RemainingOpenQuantity"])) == (4, 2)
    assert (money(memo["DocTotal"]), memo["NumAtCard"]) == (
        Decimal("23.80"),
        f"shop/order/{order}+1",
    )
    assert {row["BaseType"] for row in memo["DocumentLines"]} == {203}
    assert journey.owing() == Decimal("-23.80")

    journey.store.refunds(order, amount="23.80")
    journey.delivers(2)
    await told(journey, order)
    await told(journey, order)

    (invoice,) = journey.standing("Invoices")
    assert money(sum(d["GrossAmountToDraw"] for d in invoice["DownPaymentsToDraw"])) == Decimal(
        "95.20"
    )
    assert (journey.owing(), balance(journey, CARD)) == (0, Decimal("95.20"))
    assert len(journey.standing("CreditNotes")) == 1
    assert invoice["DocumentStatus"] == "bost_Close"


async def test_an_invoice_that_changes_later_numbers_its_memo_anew(journey, price):
    order = journey.store.shopper_orders([("MUG", 5, price, "19")])
    journey.store.pays(order, "119.00")
    await told(journey, order)
    journey.store.edits(order, [("MUG", 4, price, "19")])
    await told(journey, order)
    journey.delivers(4)
    await told(journey, order)
    journey.store.edits(order, [("MUG", 3, price, "19")])

    await told(journey, order)

    memos = {
        memo["NumAtCard"][-2:]: money(memo["DocTotal"]) for memo in journey.standing("CreditNotes")
    }
    assert memos == {"+1": Decimal("23.80"), "+2": Decimal("23.80")}
    assert journey.owing() == Decimal("-47.60")


async def test_a_part_given_back_before_the_invoice_ends_at_nothing(journey, price):
    order = journey.store.shopper_orders([("MUG", 5, price, "19")])
    journey.store.pays(order, "119.00")
    await told(journey, order)
    journey.store.refunds(order, amount="23.80")
    await told(journey, order)
    journey.delivers()

    await told(journey, order)

    assert (journey.owing(), balance(journey, CARD)) == (0, Decimal("95.20"))
    assert len(journey.standing("Invoices")) == 1
    assert all(d["DocumentStatus"] == "bost_Close" for d in journey.standing("Invoices"))


async def test_money_of_an_order_called_off_is_shown_until_it_went_back(journey, price):
    order = journey.store.shopper_orders([("MUG", 5, price, "19")])
    journey.store.pays(order, "119.00")
    await told(journey, order)
    journey.store.cancels(order)

    await told(journey, order)
    assert journey.owing() == -119

    journey.store.refunds(order, amount="119.00")
    await told(journey, order)
    await told(journey, order)
    assert (journey.owing(), balance(journey, CARD)) == (0, 0)
    assert [money(d["DocTotal"]) for d in journey.standing("CreditNotes")] == [119]


@pytest.mark.parametrize("known", [False, True], ids=["never posted", "posted"])
async def test_money_of_a_cancelled_order_without_a_document_is_a_case(journey, price, known):
    order = journey.store.shopper_orders([("MUG", 5, price, "19")])
    if known:
        await told(journey, order, ORDERED)
    journey.store.pays(order, "119.00")
    journey.store.cancels(order)
    await journey.once(order, ORDER)

    with pytest.raises(NeedsOperator, match=r"119\.00 EUR never went back") as case:
        await journey.once(order, INVOICE)

    assert case.value.reason == "PAID_BUT_CANCELLED"
    journey.store.refunds(order, amount="119.00")
    assert (await journey.once(order, INVOICE)).did is Did.SKIPPED
    assert (journey.owing(), journey.standing("Invoices")) == (0, [])


async def test_an_invoice_waits_for_the_payment_of_its_down_payment(journey, price):
    order = journey.store.shopper_orders([("MUG", 5, price, "19")])
    journey.store.pays(order, "119.00")
    await told(journey, order, PREPAID[:2])
    [payment] = journey.sap.company.query("IncomingPayments")
    journey.sap.company.act("IncomingPayments", {"DocEntry": payment["DocEntry"]}, "Cancel")

    with pytest.raises(Transient, match="down payment"):
        await journey.once(order, INVOICE)
    assert journey.standing("Invoices") == []

    await told(journey, order, PREPAID[1:2])
    await journey.once(order, INVOICE)

    (invoice,) = journey.standing("Invoices")
    assert money(invoice["DownPaymentAmount"]) == Decimal("100.00")  # without its tax
    assert journey.owing() == Decimal(0)
