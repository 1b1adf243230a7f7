"""A shop whose parts and totals disagree: what was charged stands."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.consistency import consistent
from b1bridge.domain.money import Money
from b1bridge.domain.proof import Tolerance
from b1bridge.errors import Mismatch

TOLERANCE = Tolerance()


def test_an_order_that_adds_up_is_left_alone(net):
    order = net.order(net.line("A", "10.00"), charges=(net.charge("shipping", "5.00"),))

    found = consistent(order, TOLERANCE)

    assert (found.order, found.note) == (order, "")


def test_tax_charged_at_subtotal_goes_onto_the_largest_line(net, money):
    order = net.order(
        net.line("A", "35.71", "12"),
        charges=(net.charge("shipping", "3.13", "12"),),
        total=money("43.50"),
        tax_total=money("4.66"),
    )

    found = consistent(order, TOLERANCE)

    line = found.order.lines[0]
    assert (line.net.amount, line.tax.amount.amount, line.gross.amount) == (
        Decimal("35.71"), Decimal("4.28"), Decimal("39.99"),
    )  # fmt: skip
    assert "differ by -0.01 EUR (-0.01 EUR of it tax)" in found.note


def test_a_cent_without_tax_moves_the_net_of_the_largest_line(net, money):
    order = net.order(net.line("A", "1.00"), net.line("B", "50.00"), total=money("61.21"))

    lines = consistent(order, TOLERANCE).order.lines

    assert [line.net.amount for line in lines] == [Decimal("1.00"), Decimal("50.01")]


def test_a_cent_of_tax_never_lands_on_a_line_without_a_rate(net, money):
    order = net.order(
        net.line("FREE", "90.00", "0"),
        net.line("A", "10.00", "20"),
        total=money("102.01"),
        tax_total=money("2.01"),
    )

    lines = consistent(order, TOLERANCE).order.lines

    assert [line.tax.amount.amount for line in lines] == [Decimal("0.00"), Decimal("2.01")]


def test_more_than_rounding_names_both_sums(net, money):
    order = net.order(net.line("A", "10.00"), total=money("15.00"))

    with pytest.raises(Mismatch, match=r"charged 15\.00 EUR .* sum to 12\.00 EUR"):
        consistent(order, TOLERANCE)


def test_a_difference_with_no_line_to_bear_it_is_refused(net, money):
    order = net.order(charges=(net.charge("shipping", "5.00"),), total=money("6.01"))

    with pytest.raises(Mismatch, match="contradicts itself"):
        consistent(order, TOLERANCE)


@given(
    amounts=st.lists(st.integers(0, 99_999), min_size=1, max_size=20),
    off=st.integers(-5, 5),
    tax_off=st.integers(-5, 5),
)
def test_a_fitted_order_sums_to_what_was_charged(net, amounts, off, tax_off):
    lines = [net.line(f"S{i}", Decimal(n).scaleb(-2), "19") for i, n in enumerate(amounts)]
    fair = net.order(*lines)
    order = replace(
        fair,
        total=fair.total + Money(Decimal(off).scaleb(-2), "EUR"),
        tax_total=fair.tax_total + Money(Decimal(tax_off).scaleb(-2), "EUR"),
    )
    if max(abs(off), abs(tax_off)) > min(len(lines), 5):
        with pytest.raises(Mismatch):
            consistent(order, TOLERANCE)
        return

    fitted = consistent(order, TOLERANCE).order

    assert Money.sum((line.gross for line in fitted.lines), "EUR") == order.total
    assert Money.sum((line.tax.amount for line in fitted.lines), "EUR") == order.tax_total
    assert all(line.net + line.tax.amount == line.gross for line in fitted.lines)
