"""What a client writes into an order, as it stands in the books."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from b1bridge.bootstrap.order_status import Progress
from b1sim.company import clerk

from .conftest import order, sent

pytestmark = pytest.mark.anyio
MUG = {"item": "MUG", "quantity": 1, "price": "10.00", "tax_code": "A20"}


async def posted(hub, body):
    await hub.orders.submit("api", sent(body), actor="t")
    return await hub.orders.settled("api", body["reference"], 30)


async def document(hub, sap, body):
    """Return the one sales order that an order became."""
    status = await posted(hub, body)
    assert status.state is Progress.POSTED, status.case
    (found,) = sap.company.query("Orders")
    return found


async def refused(hub, sap, body):
    """Return the case that an order was refused for."""
    status = await posted(hub, body)
    assert status.state is Progress.REFUSED
    assert sap.company.query("Orders") == []
    return status.case


def dec(value):
    return Decimal(str(value))


async def test_everything_an_order_may_say_stands_in_its_document(hub, sap):
    clerk.add_partner(sap.company, "C100", "Ada Ltd")
    clerk.add_user_field(sap.company, "Document", "ShopNo")
    sap.company.create(
        "WizardPaymentMethods",
        {"PaymentMethodCode": "WIRE", "Description": "Wire", "Type": "boptIncoming"},
    )
    await hub.add_connection("api", "rest", {"books": "books", "reference_fields": ["U_ShopNo"]})
    street = {"street_1": "Main St 1", "city": "Bonn", "zip_code": "53111", "country": "DE"}
    body = order(
        customer={"account": "C100", "contact": 7},
        placed_at="2026-11-20T23:30:00Z",
        due_on="2026-12-24",
        billing={"first_name": "Ada", "last_name": "Lovelace", **street},
        shipping_type="Parcel",
        payment_method="WIRE",
        comment="Ring twice",
    )
    body["lines"] = [MUG | {"quantity": "2.5", "name": "Blue mug"}]
    body["charges"] = [{"name": "Shipping", "amount": "4.90", "tax_code": "A19"}]

    read = sent(body | {"reference_field": "U_ShopNo"}, reference_fields=["U_ShopNo"])
    await hub.orders.submit("api", read, actor="t")
    await hub.orders.settled("api", "WEB-1001", 30)

    (found,) = sap.company.query("Orders")
    assert (found["CardCode"], found["ContactPersonCode"]) == ("C100", 7)
    assert (found["DocDate"], found["DocDueDate"]) == (date(2026, 11, 21), date(2026, 12, 24))
    assert (found["TransportationCode"], found["PaymentMethod"]) == (1, "WIRE")
    assert found["U_ShopNo"] == "WEB-1001"
    assert "Ring twice" in found["Comments"]
    assert found["AddressExtension"]["BillToCity"] == "Bonn"
    (row,), (freight,) = found["DocumentLines"], found["DocumentAdditionalExpenses"]
    assert (row["ItemCode"], dec(row["Quantity"]), dec(row["LineTotal"])) == (
        "MUG",
        Decimal("2.5"),
        25,
    )
    assert (freight["ExpenseCode"], dec(freight["LineTotal"])) == (1, Decimal("4.90"))
    assert dec(found["DocTotal"]) == Decimal("35.83")


async def test_a_discount_comes_off_the_lines_and_no_cent_is_lost(hub, sap):
    lines = [
        MUG | {"price": "3.33"},
        MUG | {"item": "LAMP", "price": "3.33"},
        MUG | {"item": "PEN", "price": "3.33"},
    ]

    found = await document(hub, sap, order(lines=lines, discount_percent=10))

    assert sum(dec(row["LineTotal"]) for row in found["DocumentLines"]) == Decimal("8.99")


async def test_prices_may_include_tax(hub, sap):
    lines = [MUG | {"price": "11.99"}, MUG | {"item": "LAMP", "price": "0.01"}]

    found = await document(hub, sap, order(lines=lines, prices_include_tax=True, total="12.00"))

    assert (dec(found["DocTotal"]), dec(found["VatSum"])) == (12, 2)


async def test_a_rate_is_looked_up_in_the_crosswalk_and_a_code_in_the_books(hub, sap):
    by_rate = {"item": "LAMP", "quantity": 1, "amount": "5.00", "tax_rate": "7.0"}

    found = await document(hub, sap, order(lines=[MUG, by_rate]))

    assert [row["VatGroup"] for row in found["DocumentLines"]] == ["A20", "A7"]


async def test_a_total_rounded_row_by_row_is_met_to_the_cent(hub, sap):
    rows = [MUG | {"price": "0.33", "item": item} for item in ("MUG", "LAMP", "BAG", "PEN")]

    found = await document(hub, sap, order(lines=rows, total="1.60"))

    assert dec(found["DocTotal"]) == Decimal("1.60")


async def test_a_tax_that_the_client_states_is_the_one_that_is_charged(hub, sap):
    found = await document(hub, sap, order(lines=[MUG | {"tax": "1.99"}]))

    assert (dec(found["DocTotal"]), dec(found["RoundingDiffAmount"])) == (
        Decimal("11.99"),
        Decimal("-0.01"),
    )


async def test_the_customer_is_known_again_by_email(hub, sap):
    first = await document(hub, sap, order())
    await posted(hub, order("WEB-1002", customer={"email": "ADA@example.com"}))

    codes = {found["CardCode"] for found in sap.company.query("Orders")}
    assert codes == {first["CardCode"]}


@pytest.mark.parametrize(
    ("facts", "reason", "said"),
    [
        ({"customer": {"account": "C999"}}, "UNKNOWN_PARTNER", "C999"),
        ({"shipping_type": "By pigeon"}, "UNKNOWN_CODE", "there are: Freight, Parcel"),
        ({"payment_method": "GOLD"}, "UNKNOWN_CODE", "payment method 'GOLD'"),
        ({"charges": [{"name": "Gold", "amount": 1, "tax_code": "A20"}]}, "FREIGHT_MAP", "Gold"),
        ({"lines": [MUG | {"tax_code": "XX"}]}, "TAX_MAP", "no tax code 'XX'"),
        ({"lines": [MUG | {"tax_rate": 19}]}, "TAX_RATE", "charged 19 %"),
        ({"total": "12.50"}, "UNKNOWN_AMOUNT", "12.50"),
        ({"total": "12.00", "tax_total": "1.00"}, "TOTAL_MISMATCH", "1.00"),
        ({"currency": "USD"}, "CURRENCY", "USD"),
        ({"total": "12.001"}, "CURRENCY", "finer than EUR"),
        ({"lines": [MUG | {"item": "CUP"}]}, "MISSING_ITEM", "CUP"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_the_books_cannot_take_is_a_case_that_names_it(hub, sap, facts, reason, said):
    case = await refused(hub, sap, order(**facts))

    assert case.reason == reason
    assert said in case.message
    assert case.fix


async def test_a_frozen_partner_is_a_case(hub, sap):
    clerk.add_partner(sap.company, "C100", "Ada Ltd")
    clerk.freeze(sap.company, "BusinessPartners", "C100")

    case = await refused(hub, sap, order(customer={"account": "C100"}))

    assert case.reason == "PARTNER_FROZEN"


async def test_what_was_paid_settles_the_invoice(idle_hub, sap):
    hub = idle_hub
    both = {"source": "api", "target": "books"}
    await hub.add_sync("orders", flow="order-to-invoice", **both)
    await hub.add_sync("payments", flow="payment-to-incoming-payment", **both)
    await hub.start_worker(schedule=False)
    paid = [
        {"id": "p-1", "method": "stripe", "amount": "7.00"},
        {"id": "p-2", "method": "stripe", "amount": "5.00"},
    ]

    status = await posted(hub, order(payments=paid))
    async with asyncio.timeout(30):
        while not await hub.idle():  # noqa: ASYNC110 - watched from outside
            await asyncio.sleep(0.02)

    (invoice,) = sap.company.query("Invoices")
    assert [one.kind for one in status.documents] == ["invoice"]
    assert dec(invoice["PaidToDate"]) == 12
    assert sorted(one["Remarks"].split()[0] for one in sap.company.query("IncomingPayments")) == [
        "api/payment/WEB-1001/p-1",
        "api/payment/WEB-1001/p-2",
    ]
