"""Taxes left open come to what the books will come to, row by row and in sum."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.money import Money
from b1bridge.domain.open_taxes import TaxedRow, discounted, taxes_of

CENT = Decimal("0.01")


def eur(amount):
    return Money.of(amount, "EUR")


def rounded(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def row(amount, rate=20, code="S", stated=None):
    return TaxedRow(eur(amount), code, Decimal(rate), None if stated is None else eur(stated))


def test_tax_is_on_the_sum_of_a_codes_rows():
    taxes = taxes_of([row("0.33")] * 4, gross=False, by_row=False)

    assert sum(tax.amount for tax in taxes) == Decimal("0.26")


def test_a_company_may_tax_each_row_for_itself():
    taxes = taxes_of([row("0.33")] * 4, gross=False, by_row=True)

    assert [tax.amount for tax in taxes] == [Decimal("0.07")] * 4


def test_codes_are_summed_apart_though_their_rates_are_one():
    taxes = taxes_of([row("0.33", code="A"), row("0.33", code="B")], gross=False, by_row=False)

    assert [tax.amount for tax in taxes] == [Decimal("0.07")] * 2


def test_a_stated_tax_of_nothing_counts_as_stated():
    assert taxes_of([row("10.00", stated="0.00")], gross=False, by_row=False) == [eur("0.00")]


def test_what_is_stated_is_not_worked_out():
    taxes = taxes_of([row("10.00", stated="1.99"), row("10.00")], gross=False, by_row=False)

    assert taxes == [eur("1.99"), eur("2.00")]


def test_what_costs_nothing_bears_nothing():
    free = [row("0.00"), row("0.00")]

    assert taxes_of(free, gross=True, by_row=False) == [eur("0.00")] * 2
    assert taxes_of(free, gross=False, by_row=False) == [eur("0.00")] * 2
    assert taxes_of([], gross=True, by_row=False) == []
    assert discounted([eur("0.00")], Decimal(50), "EUR") == [eur("0.00")]


amounts = st.lists(st.integers(0, 99_999).map(lambda n: Decimal(n) * CENT), min_size=1, max_size=8)
rates = st.sampled_from([Decimal(r) for r in ("0", "7", "19", "20", "8.875")])


@given(amounts=amounts, rate=rates)
def test_taxes_without_prices_sum_to_the_tax_of_the_sum(amounts, rate):
    taxes = taxes_of([row(one, rate) for one in amounts], gross=False, by_row=False)

    assert sum(tax.amount for tax in taxes) == rounded(sum(amounts) * rate / 100)
    assert all(tax.amount >= 0 for tax in taxes)


@given(amounts=amounts, rate=rates)
def test_taxes_within_prices_are_what_the_net_of_the_sum_leaves(amounts, rate):
    taxes = taxes_of([row(one, rate) for one in amounts], gross=True, by_row=False)

    whole = sum(amounts)
    assert sum(tax.amount for tax in taxes) == whole - rounded(whole * 100 / (100 + rate))
    assert all(0 <= tax.amount <= one for tax, one in zip(taxes, amounts, strict=True))


@given(amounts=amounts, percent=st.integers(0, 10_000).map(lambda n: Decimal(n) / 100))
def test_a_discount_leaves_rows_that_sum_to_the_rest(amounts, percent):
    rest = discounted([eur(one) for one in amounts], percent, "EUR")

    assert sum(one.amount for one in rest) == rounded(sum(amounts) * (100 - percent) / 100)
    assert all(0 <= left.amount <= one for left, one in zip(rest, amounts, strict=True))
