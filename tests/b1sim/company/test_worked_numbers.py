"""The worked numbers of correctness-rules.md that concern SAP come out of a POST, to the cent."""

from decimal import Decimal
from http import HTTPStatus

import httpx
import pytest

from b1sim.world import World

pytestmark = pytest.mark.anyio
D = Decimal
REVENUE = "_SYS00000000401"


@pytest.fixture
def world(clock):
    with World(seed=False, clock=clock) as world:
        world.clerk.add_partner("C1")
        world.clerk.add_item("A", stock="5000", cost="4", vat_group="A19")
        for code, rate in (("W", "17.5"), ("B21", "21"), ("P12", "12"), ("Z", "0")):
            lines = [{"Effectivefrom": "2020-01-01", "Rate": rate}]
            group = {"Code": code, "Name": rate, "Category": "bovcOutputTax"}
            account = {"TaxAccount": "_SYS00000000121", "VatGroups_Lines": lines}
            world.company.create("VatGroups", group | account)
        yield world


@pytest.fixture
async def post(world):
    """Post a document for C1 and return it with exact amounts."""
    settings = world.settings()
    login = {"CompanyDB": settings["company_db"], "UserName": settings["user"]}
    base = world.base_url + "/b1s/v2/"
    async with httpx.AsyncClient(transport=world.transport(), base_url=base) as client:
        await client.post("Login", json=login | {"Password": settings["password"]})

        async def post(entity_set, *lines, **header):
            body = {"CardCode": "C1", "DocumentLines": list(lines)} | header
            if entity_set == "Orders":
                body |= {"DocDueDate": "2026-12-01"}
            answer = await client.post(entity_set, json=body)
            assert answer.status_code == HTTPStatus.CREATED, answer.text
            return answer.json(parse_float=D)

        yield post


def row(price, group, quantity=1, **more):
    return {"ItemCode": "A", "Quantity": quantity, "UnitPrice": price, "VatGroup": group} | more


def gross(price, group, **more):
    return {"ItemCode": "A", "Quantity": 1, "PriceAfterVAT": price, "VatGroup": group} | more


def drawn(base_type, base, number=0, **more):
    return {"BaseType": base_type, "BaseEntry": base["DocEntry"], "BaseLine": number} | more


def column(document, name, rows="DocumentLines"):
    return [line[name] for line in document[rows]]


# -- 3.1 tax to the cent ---------------------------------------------------------------------------
async def test_the_header_tax_walks_down_the_rows(post):
    invoice = await post("Invoices", row("4", "W"), row("3", "W"), row("3", "W"))

    assert column(invoice, "TaxTotal") == [D("0.7"), D("0.52"), D("0.53")]
    assert (invoice["VatSum"], invoice["DocTotal"]) == (D("1.75"), D("11.75"))


async def test_tax_on_the_rows_adds_up_the_rows(post, world):
    world.clerk.change_settings(tax_on="line")

    invoice = await post("Invoices", row("4", "W"), row("3", "W"), row("3", "W"))

    assert column(invoice, "TaxTotal") == [D("0.7"), D("0.53"), D("0.53")]
    assert invoice["VatSum"] == D("1.76")


async def test_three_gross_prices_stay_what_the_customer_paid(post):
    invoice = await post("Invoices", *(gross(p, "A19") for p in ("27.90", "23.90", "25.90")))

    assert invoice["DocTotal"] == D("77.7")
    assert sum(column(invoice, "LineTotal")) == D("65.29")
    shown_by_sap = (D("23.44"), D("20.08"), D("21.77"))
    for ours, theirs in zip(column(invoice, "LineTotal"), shown_by_sap, strict=True):
        assert abs(ours - theirs) <= D("0.01")


async def test_tax_of_a_large_quantity_is_rounded_once(post):
    invoice = await post("Invoices", row("3.09", "B21", quantity=1920))

    assert invoice["DocTotal"] == D("7178.69")


async def test_tax_is_rounded_by_row_and_not_by_unit(post):
    assert (await post("Invoices", row("10.70", "B21", quantity=2)))["VatSum"] == D("4.49")


async def test_goods_and_freight_are_taxed_apart(post):
    freight = [{"ExpenseCode": 1, "LineTotal": "3.13", "VatGroup": "P12"}]

    invoice = await post("Invoices", row("35.71", "P12"), DocumentAdditionalExpenses=freight)

    assert (invoice["VatSum"], invoice["DocTotal"]) == (D("4.67"), D("43.51"))


# -- 3.2 discounts ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "total"),
    [
        (row("19.99", "Z", quantity=3, LineTotal="49.97"), "49.97"),
        (row("16.66", "Z", quantity=3), "49.98"),
        (row("16.6567", "Z", quantity=3), "49.97"),
        (row("7.49", "Z", quantity=1000, DiscountPercent="4.4503"), "7156.67"),
        (row("7.49", "Z", quantity=1000, DiscountPercent="4.45"), "7156.70"),
        (row("7.16", "Z", quantity=1000), "7160"),
        (row("9.99", "Z", DiscountPercent=100), "0"),
    ],
)
async def test_a_discount_is_exact_by_total_or_by_four_decimals(post, line, total):
    assert (await post("Invoices", line))["DocTotal"] == D(total)


async def test_an_order_discount_spread_over_the_rows_adds_up(post):
    prices = (("19.99", "4"), ("19.99", "4"), ("9.99", "2"))
    lines = [row(p, "Z", LineTotal=str(D(p) - D(less))) for p, less in prices]

    invoice = await post("Invoices", *lines)

    assert invoice["DocTotal"] == D("39.97")


# -- 3.3 freight -----------------------------------------------------------------------------------
async def test_freight_sent_gross_is_split(post):
    freight = [{"ExpenseCode": 1, "LineGross": "9.95", "VatGroup": "A19"}]

    invoice = await post("Invoices", row("100", "Z"), DocumentAdditionalExpenses=freight)

    rows = "DocumentAdditionalExpenses"
    assert (column(invoice, "LineTotal", rows), column(invoice, "TaxSum", rows)) == (
        [D("8.36")],
        [D("1.59")],
    )
    assert invoice["DocTotal"] == D("109.95")


async def test_freight_of_a_mixed_basket_is_split_by_rate(post):
    freight = [
        {"ExpenseCode": 1, "LineTotal": "6", "VatGroup": "A19"},
        {"ExpenseCode": 1, "LineTotal": "3", "VatGroup": "A7"},
    ]

    invoice = await post(
        "Invoices", row("100", "A19"), row("50", "A7"), DocumentAdditionalExpenses=freight
    )

    assert column(invoice, "TaxSum", "DocumentAdditionalExpenses") == [D("1.14"), D("0.21")]
    assert invoice["VatSum"] == D("19") + D("3.5") + D("1.35")


# -- 3.5 refunds -----------------------------------------------------------------------------------
async def test_three_refunds_of_one_row_give_back_the_whole(post, world):
    invoice = await post("Invoices", row("20", "A19", quantity=3))
    back = [
        await post(
            "CreditNotes",
            drawn(13, invoice, Quantity=1, WithoutInventoryMovement="tYES" if n == 0 else "tNO"),
        )
        for n in range(3)
    ]

    assert invoice["DocTotal"] == D("71.4")
    assert [(memo["DocTotal"], memo["VatSum"]) for memo in back] == [(D("23.8"), D("3.8"))] * 3
    after = world.company.read("Invoices", {"DocEntry": invoice["DocEntry"]})
    assert (after["PaidToDate"], after["DocumentStatus"]) == (D("71.4"), "bost_Close")
    item = world.company.read("Items", {"ItemCode": "A"})
    assert item["QuantityOnStock"] == 4999


async def test_goodwill_is_split_into_net_and_tax(post):
    line = {"AccountCode": REVENUE, "ItemDescription": "Goodwill", "VatGroup": "A19"}

    memo = await post("CreditNotes", line | {"GrossTotal": "10"}, DocType="dDocument_Service")

    assert (column(memo, "LineTotal"), memo["VatSum"]) == ([D("8.4")], D("1.6"))


async def test_a_restocking_fee_is_kept_from_a_refund(post):
    invoice = await post("Invoices", row("265", "Z"))
    fee = {"AccountCode": REVENUE, "ItemDescription": "Restocking", "VatGroup": "Z"}
    line = drawn(13, invoice, LineTotal="261")

    memo = await post("CreditNotes", line)
    kept = await post("Invoices", fee | {"LineTotal": "4"}, DocType="dDocument_Service")

    assert (memo["DocTotal"], kept["DocTotal"]) == (261, 4)


# -- 3.14 edits and cancellations after posting ----------------------------------------------------
async def test_an_item_taken_off_an_order_with_a_down_payment_is_credited(post, world):
    order = await post("Orders", row("20", "A19", quantity=5))
    key = {"DocEntry": order["DocEntry"]}
    advance = await post("DownPayments", drawn(17, order), DownPaymentType="dptInvoice")
    world.company.create(
        "IncomingPayments",
        {"CardCode": "C1", "TransferAccount": "_SYS00000000201", "TransferSum": "119"}
        | {"PaymentInvoices": [key | {"InvoiceType": "it_DownPayment"}]},
    )
    await post("DeliveryNotes", drawn(17, order, Quantity=2))
    world.company.patch("Orders", key, {"DocumentLines": [{"LineNum": 0, "Quantity": 4}]})
    memo = await post("CreditNotes", drawn(203, advance, Quantity=1))

    left = world.company.read("Orders", key)["DocumentLines"][0]
    assert order["DocTotal"] == advance["DocTotal"] == 119
    assert (left["Quantity"], left["RemainingOpenQuantity"]) == (4, 2)
    assert memo["DocTotal"] == D("23.8")


# -- 3.16 partial shipments ------------------------------------------------------------------------
async def test_an_order_goes_out_in_parts_and_the_rest_is_closed(post, world):
    order = await post("Orders", row("10", "Z", quantity=10))
    for quantity in (6, 3):
        await post("DeliveryNotes", drawn(17, order, Quantity=quantity))
    key = {"DocEntry": order["DocEntry"]}
    left = world.company.read("Orders", key)["DocumentLines"][0]["RemainingOpenQuantity"]

    world.company.act("Orders", key, "Close")

    item = world.company.read("Items", {"ItemCode": "A"})
    assert left == 1
    assert (item["QuantityOnStock"], item["QuantityOrderedByCustomers"]) == (4991, 0)
