"""The rate that was charged against the rate behind the code, before anything is posted."""

from dataclasses import replace
from decimal import Decimal

import pytest

from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.tax_rates import check_rates, tax_codes_used
from b1bridge.errors import Mismatch, Unmapped

CODES = Crosswalk("tax", {"20": "A20", "12": "A12"})


@pytest.fixture
def basket(net):
    return net.order(net.line("A", "10.00"), net.line("B", "5.00", "12", id_="2"))


def test_rates_that_agree_pass_however_they_are_written(basket):
    assert tax_codes_used(basket, CODES) == {"A20", "A12"}

    check_rates(basket, CODES, {"A20": Decimal("20.0"), "A12": Decimal(12)})


def test_another_rate_names_the_line_both_rates_and_the_code(basket):
    with pytest.raises(Mismatch, match=r"line .*charged 12 % .*tax code A12 is 10 %") as case:
        check_rates(basket, CODES, {"A20": Decimal(20), "A12": Decimal(10)})

    assert case.value.reason == "TAX_RATE"


def test_a_code_that_the_books_lack_is_unmapped(basket):
    with pytest.raises(Unmapped, match="no tax code 'A12'") as case:
        check_rates(basket, CODES, {"A20": Decimal(20)})

    assert case.value.reason == "TAX_MAP"


def test_who_names_a_code_of_the_books_is_told_to_name_another(net):
    line = net.line("A", "10.00", "12")
    order = net.order(replace(line, tax=replace(line.tax, code="X", of_books=True)))

    with pytest.raises(Mismatch) as rate:
        check_rates(order, CODES, {"X": Decimal(20)})
    with pytest.raises(Unmapped) as unknown:
        check_rates(order, CODES, {})

    assert all("send the order again" in case.value.fix for case in (rate, unknown))


def test_what_costs_nothing_bears_no_rate(net):
    free = net.order(net.line("A", "10.00"), net.line("B", "0.00", "12", id_="2"))

    assert tax_codes_used(free, CODES) == {"A20"}
