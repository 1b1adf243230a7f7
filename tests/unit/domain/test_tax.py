"""SAP's way of rounding tax, with the numbers that were seen in the field."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.tax import line_taxes, net_of, predicted_totals

cents = st.integers(0, 500_000).map(lambda n: Decimal(n).scaleb(-2))
rates = st.sampled_from([Decimal(r) for r in ("0", "5.5", "7", "12", "17.5", "19", "20", "21")])


def decimals(*texts):
    return [Decimal(text) for text in texts]


def test_the_difference_walks_down_the_lines_as_sap_note_3379849_shows():
    taxes = line_taxes(decimals("4.00", "3.00", "3.00"), Decimal("17.5"), 2)

    assert taxes == decimals("0.70", "0.52", "0.53")


def test_the_document_owes_the_tax_on_the_sum_of_its_lines(net):
    totals = predicted_totals(net.document(("4.00", "17.5"), ("3.00", "17.5"), ("3.00", "17.5")))

    assert (totals.tax.amount, totals.total.amount) == (Decimal("1.75"), Decimal("11.75"))


def test_a_company_that_rounds_by_row_owes_the_sum_of_the_rows(net):
    document = net.document(("4.00", "17.5"), ("3.00", "17.5"), ("3.00", "17.5"))

    totals = predicted_totals(replace(document, tax_by_row=True))

    assert totals.tax.amount == Decimal("1.76")


def test_gross_prices_keep_the_gross_total_and_tax_the_net_of_the_sum(gross):
    totals = predicted_totals(gross.document(("27.90", "19"), ("23.90", "19"), ("25.90", "19")))

    assert totals.total.amount == Decimal("77.70")
    assert totals.total.amount - totals.tax.amount == Decimal("65.29")


def test_two_lines_of_one_code_are_taxed_at_subtotal_like_the_woo_screen(net):
    totals = predicted_totals(net.document(("35.71", "12"), ("3.13", "12")))

    assert totals.tax.amount == Decimal("4.66")


def test_freight_is_taxed_by_itself(net):
    totals = predicted_totals(net.document(("35.71", "12"), freight=[("3.13", "12")]))

    assert totals.tax.amount == Decimal("4.67")
    assert totals.freight.amount == Decimal("3.13")


def test_freight_with_tax_inside_shows_its_net(gross):
    totals = predicted_totals(gross.document(("10.00", "19"), freight=[("9.95", "19")]))

    assert totals.freight.amount == Decimal("8.36")
    assert totals.total.amount == Decimal("19.95")


@pytest.mark.parametrize(
    ("net_amount", "total"),
    [("5932.80", "7178.69"), ("21.40", "25.89")],
    ids=["1,920 x 3.09", "2 x 10.70"],
)
def test_large_quantities_are_taxed_by_row_and_not_by_unit(net, net_amount, total):
    assert predicted_totals(net.document((net_amount, "21"))).total.amount == Decimal(total)


def test_mixed_rates_are_taxed_apart(net):
    document = net.document(
        ("100.00", "19"), ("50.00", "7"), freight=[("6.00", "19"), ("3.00", "7")]
    )

    totals = predicted_totals(document)

    assert totals.tax.amount == Decimal("23.85")  # 19.00 + 3.50 + 1.14 + 0.21
    assert totals.freight.amount == Decimal("9.00")


def test_rounding_is_added_to_the_total_and_not_taxed(net):
    totals = predicted_totals(net.document(("10.00", "20"), rounding="-0.01"))

    assert (totals.total.amount, totals.tax.amount) == (Decimal("11.99"), Decimal("2.00"))


def test_yen_are_rounded_to_whole_yen(net):
    totals = predicted_totals(net.document(("105", "10"), currency="JPY"))

    assert totals.tax.amount == Decimal(11)


def test_a_document_of_nothing_comes_to_nothing(net):
    totals = predicted_totals(net.document(("0.00", "20"), ("0.00", "20")))

    assert (totals.total.amount, totals.tax.amount) == (0, 0)


@given(nets=st.lists(cents, min_size=1, max_size=30), rate=rates)
def test_line_taxes_always_sum_to_the_tax_on_the_sum(nets, rate):
    taxes = line_taxes(nets, rate, 2)

    assert sum(taxes) == net_tax(sum(nets), rate)
    assert all(tax == 0 for amount, tax in zip(nets, taxes, strict=True) if not amount)


def net_tax(amount, rate):
    """Round half up by integers: another way to the same cent."""
    mills = int(amount * 100) * int(rate * 10)
    return Decimal((mills + 500) // 1000).scaleb(-2)


@given(nets=st.lists(cents, min_size=1, max_size=30), rate=rates)
def test_no_line_is_moved_by_more_than_its_share_of_the_difference(nets, rate):
    moved = [
        tax - net_tax(amount, rate)
        for amount, tax in zip(nets, line_taxes(nets, rate, 2), strict=True)
    ]

    assert all(step >= 0 for step in moved) or all(step <= 0 for step in moved)
    assert abs(sum(moved)) <= Decimal("0.005") * (len(nets) + 1)


@given(gross=cents, rate=rates)
def test_taking_tax_out_and_putting_it_back_returns_the_cent(gross, rate):
    net = net_of(gross, rate, 2)

    assert abs(net + net_tax(net, rate) - gross) <= Decimal("0.01")
