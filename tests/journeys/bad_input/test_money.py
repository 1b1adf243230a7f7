"""Taxes, currencies and payments that nobody entered, or that do not add up."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from b1sim.company import clerk

pytestmark = pytest.mark.anyio


def amounts(*told):
    return [Decimal(one) for one in told]


async def test_an_unknown_tax_rate_is_entered_and_retried(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "23")])

    case = await office.stuck(order)
    assert case.reason == "TAX_MAP"
    assert "line" in case.message
    assert "'23'" in case.message
    await office.hub.set_crosswalk("tax", "23", "A23")
    unknown = await _retried_into_another(office, case, order)
    assert unknown.reason == "TAX_MAP"
    assert "'A23'" in unknown.message
    row = {"Effectivefrom": "2020-01-01", "Rate": 23}
    group = {"Code": "A23", "Name": "23 %", "Category": "bovcOutputTax"}
    group["TaxAccount"] = "_SYS00000000125"
    office.company.create("VatGroups", group | {"VatGroups_Lines": [row]})
    await office.retry(unknown)

    assert office.total(order) == "4.92"


async def test_a_tax_code_of_another_rate_is_told_before_anything_is_posted(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "24")])
    await office.hub.set_crosswalk("tax", "24", "A20")

    case = await office.stuck(order)

    assert case.reason == "TAX_RATE"
    assert "line" in case.message
    assert "the shop charged 24 %" in case.message
    assert "tax code A20 is 20 %" in case.message
    assert office.holds_nothing(order)


async def _retried_into_another(office, case, order):
    await office.hub.retry_case(case.id, "finance")
    await office.settled()
    return await office.stuck(order, told=False)


async def test_an_order_in_a_currency_that_is_not_allowed_is_a_case(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "0")], currency="GBP", email="gb@x.com")

    case = await office.stuck(order)

    assert case.reason == "CURRENCY"
    assert "is in GBP, the company counts in EUR" in case.message
    assert office.holds_nothing(order)


async def test_a_currency_without_a_rate_of_the_day_waits_for_the_rate(office, store):
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Berlin")).date()
    clerk.set_rate(office.company, "USD", today, "0")
    order = store.shopper_orders([("MUG", 2, "4.00", "20")], currency="USD", email="us@x.com")

    case = await office.stuck(order)
    assert case.reason == "RATE_MISSING"
    assert "USD" in case.message
    clerk.set_rate(office.company, "USD", today, "0.92")
    await office.retry(case)

    invoice = office.invoice(order)
    assert (invoice["DocCurrency"], invoice["DocTotalFc"]) == ("USD", Decimal("9.6"))


@pytest.mark.parametrize(
    ("fields", "total"),
    [
        ({"total_inc_tax": "9.6100", "total_ex_tax": "8.0000", "total_tax": "1.6100"}, "9.61"),
        ({"total_tax": "1.6100"}, "9.60"),
    ],
    ids=["total", "tax"],
)
async def test_a_cent_of_contradiction_is_posted_as_charged_with_a_note(
    office, store, fields, total
):
    order = store.place_raw(fields, [("MUG", 2, "4.00", "20")])

    await office.bring(order)

    assert office.total(order) == total
    assert "differ by" in office.invoice(order)["Comments"]


@pytest.mark.parametrize(
    ("fields", "reason", "shown"),
    [
        ({"total_inc_tax": "19.6000", "total_ex_tax": "18.0000"}, "UNKNOWN_AMOUNT", "19.60 EUR"),
        ({"total_tax": "4.6000"}, "TOTAL_MISMATCH", "tax 4.60 EUR"),
        ({"total_inc_tax": "-9.6000", "total_ex_tax": "-8.0000"}, "UNKNOWN_AMOUNT", "-9.60 EUR"),
    ],
    ids=["total", "tax", "negative"],
)
async def test_more_than_rounding_is_a_case_with_both_sides_and_posts_once_corrected(
    office, store, fields, reason, shown
):
    order = store.place_raw(fields, [("MUG", 2, "4.00", "20")])

    case = await office.stuck(order)
    assert case.reason == reason
    assert shown in case.message
    assert office.holds_nothing(order)
    store.store.orders[order].raw = {}
    await office.retry(case)

    assert office.total(order) == "9.60"


@pytest.mark.parametrize("amount", ["1e40", "NaN", "", "1,50"])
async def test_an_amount_that_is_none_never_kills_a_run(office, store, amount):
    order = store.place_raw({"total_inc_tax": amount}, [("MUG", 2, "4.00", "20")])

    case = await office.stuck(order)
    assert case.reason in {"SCHEMA", "UNKNOWN_AMOUNT"}
    store.store.orders[order].raw = {}
    await office.retry(case)

    assert office.total(order) == "9.60"


async def test_an_unknown_payment_method_waits_and_the_invoice_does_not(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    store.pays(order, method="electronic_wallet")

    case = await office.stuck(order)
    assert case.reason == "PAYMENT_METHOD_MAP"
    assert "'paypalexpress/electronic_wallet'" in case.message
    assert office.total(order) == "4.80"
    await office.hub.set_crosswalk(
        "payment_method", "paypalexpress/electronic_wallet", "transfer:NOSUCH"
    )
    refused = await _retried_into_another(office, case, order)
    assert refused.reason == "PAYMENT_METHOD_MAP"
    assert "NOSUCH" in refused.message
    await office.hub.set_crosswalk(
        "payment_method", "paypalexpress/electronic_wallet", "transfer:_SYS00000000201"
    )
    await office.retry(refused)

    assert office.payments(order) == amounts("4.80")


async def test_a_split_tender_is_two_payments_of_one_invoice(office, store):
    order = store.shopper_orders([("MUG", 10, "10.00", "20")])
    store.pays(order, "50.00")
    store.pays(order)

    await office.bring(order)

    assert office.payments(order) == amounts("50", "70")
    assert office.invoice(order)["DocumentStatus"] == "bost_Close"


async def test_a_gift_certificate_and_a_card_are_two_payments(office, store):
    order = store.shopper_orders([("MUG", 10, "10.00", "20")], gift_certificate="30.00")
    store.pays(order)

    await office.bring(order)

    assert office.payments(order) == amounts("30", "90")


async def test_a_failed_attempt_before_the_good_one_is_no_payment(office, store):
    order = store.shopper_orders([("MUG", 10, "10.00", "20")])
    store.payment_fails(order)
    store.pays(order)

    await office.bring(order)

    assert office.payments(order) == amounts("120")


async def test_a_void_and_a_refund_are_no_payments(office, store):
    order = store.shopper_orders([("MUG", 10, "10.00", "20")])
    voided = store.pays(order)
    found = store.store.orders[order]
    store.pays(order, "120.00", event="void")
    found.transactions[-1].reference = voided
    store.pays(order, "120.00")
    store.pays(order, "20.00", event="refund")

    await office.bring(order)

    assert await office.cases(order) == []
    assert office.payments(order) == amounts("120")


async def test_more_than_the_invoice_is_a_case_until_the_excess_is_gone(office, store):
    order = store.shopper_orders([("MUG", 10, "10.00", "20")])
    store.pays(order)
    excess = store.pays(order, "5.00")

    case = await office.stuck(order)
    assert case.reason == "OVERPAID"
    assert "was paid 125.00 EUR" in case.message
    assert "120.00 EUR" in case.message
    assert office.payments(order) == []
    store.pays(order, "5.00", event="void")
    store.store.orders[order].transactions[-1].reference = excess
    await office.retry(case)

    assert office.payments(order) == amounts("120")


async def test_a_payment_before_its_invoice_waits_with_the_order_and_both_come_through(
    office, store
):
    order = store.shopper_orders([("NOVEL", 1, "10.00", "20")])
    store.pays(order)

    case = await office.stuck(order)
    await office.bring(order)
    assert (case.reason, office.payments(order)) == ("MISSING_ITEM", [])
    clerk.add_item(office.company, "NOVEL", stock="5")
    await office.retry(case)

    assert office.total(order) == "12.00"
    assert office.payments(order) == amounts("12")


async def test_a_payment_in_another_currency_than_the_invoice_is_a_case(office, store):
    order = store.shopper_orders([("MUG", 1, "10.00", "20")])
    store.pays(order)
    store.store.orders[order].transactions[-1].currency = "USD"

    case = await office.stuck(order)

    assert (case.reason, office.payments(order)) == ("CURRENCY", [])
    assert "12.00 USD" in case.message
    assert "12.00 EUR" in case.message


async def test_an_invoice_that_somebody_paid_in_sap_is_a_case(office, store):
    order = store.shopper_orders([("MUG", 1, "10.00", "20")])
    await office.bring(order)
    invoice = office.invoice(order)
    payments = partial(office.company.query, "IncomingPayments", limit=1000)
    paid = {"DocEntry": invoice["DocEntry"], "InvoiceType": "it_Invoice", "SumApplied": 12}
    office.company.create(
        "IncomingPayments",
        {
            "CardCode": invoice["CardCode"],
            "CashAccount": "_SYS00000000201",
            "CashSum": 12,
            "Remarks": "at the counter",
            "PaymentInvoices": [paid],
        },
    )
    store.pays(order)

    case = await office.stuck(order)

    assert case.reason == "ALREADY_PAID"
    assert office.payments(order) == []
    reference = case.message.rpartition(" ")[2]
    (other,) = [one for one in payments() if one["CardCode"] == invoice["CardCode"]][-1:]
    office.company.patch(
        "IncomingPayments", {"DocEntry": other["DocEntry"]}, {"Remarks": f"{reference} by hand"}
    )
    count = len(payments())
    await office.retry(case)
    assert len(payments()) == count
