"""The cent proof: exact, explained, or refused with both sides shown."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.documents import Totals
from b1bridge.domain.identity import Posted
from b1bridge.domain.proof import Tolerance, confirm, proved
from b1bridge.domain.tax import predicted_totals
from b1bridge.errors import Mismatch

TOLERANCE = Tolerance()
POSTED = Posted("invoice", 7, 4711)


@pytest.fixture
def totals(money):
    def told(total, tax, freight="0.00"):
        return Totals(money(total), money(tax), money(freight))

    return told


def test_an_exact_document_is_left_alone(net, totals):
    document = net.document(("100.00", "19"))

    proof = proved(document, totals("119.00", "19.00"), TOLERANCE)

    assert (proof.document, proof.note) == (document, "")


def test_a_cent_of_rounding_is_posted_and_explained(net, totals):
    document = net.document(("35.71", "12"), freight=[("3.13", "12")])

    proof = proved(document, totals("43.50", "4.66", "3.13"), TOLERANCE)

    assert proof.document.rounding.amount == Decimal("-0.01")
    assert predicted_totals(proof.document).total.amount == Decimal("43.50")
    assert proof.note == (
        "-0.01 EUR rounding: the shop charged 43.50 EUR (tax 4.66 EUR), "
        "SAP's own rounding gives 43.51 EUR (tax 4.67 EUR)"
    )


def test_the_same_total_with_another_tax_cent_is_noted(net, totals):
    proof = proved(net.document(("100.00", "19")), totals("119.00", "19.01"), TOLERANCE)

    assert not proof.document.rounding
    assert proof.note == "same total; tax is 19.01 EUR in the shop and 19.00 EUR in the books"


@pytest.mark.parametrize(
    "charged",
    [("119.02", "19.02", "0.00"), ("119.00", "16.00", "0.00"), ("119.00", "19.00", "5.00")],
    ids=["total", "tax", "freight"],
)
def test_more_than_rounding_shows_both_sides_to_the_cent(net, totals, charged):
    with pytest.raises(Mismatch) as mismatch:
        proved(net.document(("100.00", "19")), totals(*charged), TOLERANCE)

    told = str(mismatch.value)
    assert f"shop {charged[0]} EUR (tax {charged[1]} EUR, freight {charged[2]} EUR)" in told
    assert "books would come to 119.00 EUR (tax 19.00 EUR, freight 0.00 EUR)" in told
    assert mismatch.value.reason == "TOTAL_MISMATCH"
    assert "retry" in mismatch.value.fix


def test_the_tolerance_grows_with_the_lines_up_to_a_cap():
    assert [TOLERANCE.allowed(rows) for rows in (1, 3, 5, 1000)] == [
        Decimal("0.01"), Decimal("0.03"), Decimal("0.05"), Decimal("0.05"),
    ]  # fmt: skip


def test_what_the_books_came_to_must_be_the_charged_total_exactly(net, totals):
    document = net.document(("100.00", "19"), ("1.00", "19"))
    charged = totals("120.19", "19.19")

    def told(total, tax):
        return confirm(POSTED, document, charged, totals(total, tax), TOLERANCE)

    assert told("120.19", "19.19") == ""
    assert "tax is 19.19 EUR" in told("120.19", "19.18")
    with pytest.raises(Mismatch, match=r"invoice 4711 came to 120\.18 EUR") as mismatch:
        told("120.18", "19.18")
    assert "cancel or correct invoice 4711" in mismatch.value.fix


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 99_999), st.sampled_from(["0", "7", "19", "20"])), min_size=1
    ),
    off=st.integers(-9, 9),
)
def test_a_proved_document_comes_to_the_charged_total_or_is_refused(net, rows, off):
    document = net.document(*[(Decimal(n).scaleb(-2), rate) for n, rate in rows])
    predicted = predicted_totals(document)
    cents = Decimal(off).scaleb(-2)
    charged = replace(
        predicted, total=replace(predicted.total, amount=predicted.total.amount + cents)
    )

    if abs(cents) <= TOLERANCE.allowed(len(rows)):
        assert predicted_totals(proved(document, charged, TOLERANCE).document) == charged
    else:
        with pytest.raises(Mismatch):
            proved(document, charged, TOLERANCE)
