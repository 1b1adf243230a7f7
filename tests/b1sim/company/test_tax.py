"""The worked numbers of the tax walk, and what must hold for any document."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from b1sim.company.tax import tax_gross_rows, tax_net_rows, walk

D = Decimal
cents = st.decimals("0.01", "9999.99", places=2)
rates = st.sampled_from([D("0.07"), D("0.175"), D("0.19"), D("0.20"), D("0.08875")])


def net_rows(*totals):
    return [{"TotalFrgn": D(total)} for total in totals]


def gross_rows(*totals):
    return [{"GTotalFC": D(total)} for total in totals]


def test_the_difference_lands_on_the_line_that_sap_chooses():
    rows = net_rows("4.00", "3.00", "3.00")

    tax_net_rows(rows, D("0.175"), D(1), 2)

    assert [row["VatSum"] for row in rows] == [D("0.70"), D("0.52"), D("0.53")]


def test_gross_lines_keep_the_document_total_and_its_net():
    rows = gross_rows("27.90", "23.90", "25.90")

    tax_gross_rows(rows, D("0.19"), D(1), 2)

    assert sum(row["TotalFrgn"] for row in rows) == D("65.29")
    assert sum(row["TotalFrgn"] + row["VatSum"] for row in rows) == D("77.70")
    assert [row["TotalFrgn"] for row in rows] == [D("23.44"), D("20.08"), D("21.77")]


def test_a_gross_row_below_zero_has_its_own_tax():
    rows = gross_rows("119.00", "-119.00")

    tax_gross_rows(rows, D("0.19"), D(1), 2)

    assert [row["VatSum"] for row in rows] == [D("19.00"), D("-19.00")]


def test_a_walk_of_nothing_changes_nothing():
    assert walk([D(4), D(3)], [D("0.70"), D("0.53")], D("1.23")) == [D("0.70"), D("0.53")]


def test_rows_of_no_value_cannot_take_a_difference_but_the_sum_still_holds():
    assert sum(walk([D(0), D(0)], [D(0), D(0)], D("0.01"))) == D("0.01")


@given(st.lists(cents, min_size=1, max_size=30), rates)
@settings(max_examples=60, deadline=None)
def test_line_taxes_always_add_up_to_the_tax_of_the_sum(totals, rate):
    rows = net_rows(*totals)

    tax_net_rows(rows, rate, D(1), 2)

    expected = (sum(totals) * rate).quantize(D("0.01"), "ROUND_HALF_UP")
    assert sum(row["VatSum"] for row in rows) == expected


@given(st.lists(cents, min_size=1, max_size=30), rates)
@settings(max_examples=60, deadline=None)
def test_gross_lines_always_keep_their_gross(totals, rate):
    rows = gross_rows(*totals)

    tax_gross_rows(rows, rate, D(1), 2)

    assert [row["TotalFrgn"] + row["VatSum"] for row in rows] == totals
