"""Rates behind tax codes: of the day, for sales only, asked for again where SAP lacks one."""

from datetime import date
from decimal import Decimal

import pytest

from b1bridge.connectors.sap_b1.books import SapBooks

pytestmark = pytest.mark.anyio

DAY = date(2026, 11, 2)


async def test_a_vat_group_has_the_rate_of_the_day(books, world):
    begins = {"2026-07-01": 16, "2027-01-01": 19}
    rows = [{"Effectivefrom": day, "Rate": rate} for day, rate in begins.items()]
    group = {"Code": "AX", "Name": "Lowered", "Category": "bovcOutputTax"}
    group["TaxAccount"] = "_SYS00000000122"
    world.company.create("VatGroups", group | {"VatGroups_Lines": rows})

    days = (date(2026, 6, 30), date(2026, 12, 31), date(2027, 1, 1))
    rates = [await books.tax_rates(["AX"], day) for day in days]

    assert rates == [{}, {"AX": Decimal(16)}, {"AX": Decimal(19)}]


async def test_codes_of_purchases_and_unknown_codes_are_absent(books):
    assert await books.tax_rates(["A20", "V20", "NO", ""], DAY) == {"A20": Decimal(20)}


async def test_what_is_kept_is_not_asked_for_again_and_what_lacks_is(books, world):
    assert await books.tax_rates(["A20", "A23"], DAY) == {"A20": Decimal(20)}
    group = {"Code": "A23", "Name": "23 %", "Category": "bovcOutputTax"}
    group |= {"TaxAccount": "_SYS00000000122"}
    row = {"Effectivefrom": "2020-01-01", "Rate": 23}
    world.company.create("VatGroups", group | {"VatGroups_Lines": [row]})
    both = {"A20": Decimal(20), "A23": Decimal(23)}
    assert await books.tax_rates(["A20", "A23"], DAY) == both

    world.refuse("VatGroups", -1, "not again", times=1)

    assert await books.tax_rates(["A20", "A23"], DAY) == both


async def test_a_company_with_sales_tax_has_one_rate_per_code(world_settings, line):
    books = SapBooks("sap", world_settings.model_copy(update={"tax_field": "TaxCode"}), line)

    rates = await books.tax_rates(["NY", "EX", "ZZ"], DAY)

    assert rates == {"NY": Decimal("8.875"), "EX": Decimal(0)}
