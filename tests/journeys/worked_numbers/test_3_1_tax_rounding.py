"""Tax to the cent (correctness-rules 3.1): SAP's rounding is predicted, what was charged stands."""

from decimal import Decimal

import pytest

from .conftest import money

pytestmark = pytest.mark.anyio

THREE = [("MUG", 1, "4.00", "17.5"), ("LAMP", 1, "3.00", "17.5"), ("BAG", 1, "3.00", "17.5")]


def pair(total, tax):
    return Decimal(total), Decimal(tax)


async def test_sap_walks_the_difference_down_the_lines(desk):
    charged = {"total_inc_tax": "11.7500", "total_tax": "1.7500"}
    order = await desk.sells(*THREE, fields=charged)

    assert await desk.cases_of(order) == []
    assert desk.came_to(order) == pair("11.75", "1.75")
    assert [tax for _, tax in desk.rows(order)] == [money("0.70"), money("0.52"), money("0.53")]


async def test_a_shop_that_rounds_by_line_charges_a_cent_more_and_that_is_booked(desk):
    order = await desk.sells(*THREE)

    assert await desk.cases_of(order) == []
    invoice = desk.invoice(order)
    assert desk.charged(order) == money(invoice["DocTotal"]) == Decimal("11.76")
    assert money(invoice["VatSum"]) == Decimal("1.75")
    assert money(invoice["RoundingDiffAmount"]) == Decimal("0.01")
    assert "0.01 EUR rounding" in invoice["Comments"]


async def test_tax_at_subtotal_is_booked_as_it_was_charged(desk):
    """35.71 and freight of 3.13 at 12 %: 4.67 line by line, 4.66 on the screen and charged."""
    charged = {"total_inc_tax": "43.5000", "total_tax": "4.6600"}
    order = await desk.sells(
        ("MUG", 1, "35.71", "12"), shipping="3.13", shipping_rate="12", fields=charged
    )

    assert await desk.cases_of(order) == []
    assert money(desk.invoice(order)["DocTotal"]) == Decimal("43.50")
    assert "differ by -0.01 EUR (-0.01 EUR of it tax)" in desk.invoice(order)["Comments"]


@pytest.mark.parametrize(
    ("charged", "tax", "rounding"), [("25.89", "4.49", "0.00"), ("25.90", "4.50", "0.01")],
    ids=["by row", "by unit"],
)  # fmt: skip
async def test_two_at_10_70_by_row_and_by_unit(desk, charged, tax, rounding):
    fields = {"total_inc_tax": charged, "total_tax": tax}
    order = await desk.sells(("MUG", 2, "10.70", "21"), fields=fields)

    assert await desk.cases_of(order) == []
    assert desk.came_to(order) == pair(charged, "4.49")
    assert money(desk.invoice(order)["RoundingDiffAmount"]) == Decimal(rounding)


async def test_1920_at_3_09_come_to_the_document_s_own_rounding(desk):
    order = await desk.sells(("MUG", 1920, "3.09", "21"))

    assert await desk.cases_of(order) == []
    assert desk.came_to(order) == pair("7178.69", "1245.89")


async def test_1920_at_3_09_rounded_by_unit_is_a_case_with_both_computations(desk):
    by_unit = {"total_inc_tax": "7180.8000", "total_tax": "1248.0000"}
    whole = {"total_inc_tax": "7180.8000", "discounted_total_inc_tax": "7180.8000"}
    line = {"sku": "MUG", "quantity": 1920, "price": "3.09", "tax_rate": "21"}
    order = await desk.sells(
        line | {"raw": whole | {"total_tax": "1248.0000"}}, fields=by_unit, detailed_taxes=False
    )

    ((reason, told),) = await desk.cases_of(order)
    assert reason == "TOTAL_MISMATCH"
    assert "7180.80 EUR (tax 1248.00 EUR" in told
    assert "7178.69 EUR (tax 1245.89 EUR" in told
    assert f"shop/order/{order}" not in desk.posted("Invoices")


async def test_nine_for_88_91_are_not_nine_times_9_88(desk):
    order = await desk.sells(("MUG", 9, Decimal("88.91") / 9, "0"))

    assert desk.came_to(order) == pair("88.91", "0.00")


async def test_a_contradiction_keeps_what_was_charged_on_the_largest_line(desk):
    fields = {"total_inc_tax": "13.1000", "total_ex_tax": "11.0000", "total_tax": "2.1000"}
    order = await desk.sells(("MUG", 1, "10.00", "19"), ("LAMP", 1, "1.00", "19"), fields=fields)

    assert await desk.cases_of(order) == []
    invoice = desk.invoice(order)
    assert money(invoice["DocTotal"]) == Decimal("13.10")
    assert "(MUG) takes the difference" in invoice["Comments"]
