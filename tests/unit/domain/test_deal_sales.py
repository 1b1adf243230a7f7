"""Each sale of a deal has a reference of its own, and a former one is over before the next."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.deal_sales import (
    check_taken_back,
    check_undelivered,
    nth_sale,
    posted_since,
)
from b1bridge.domain.documents import Totals
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.standing import Standing, StandingRow, base_reference
from b1bridge.errors import NeedsOperator

DEAL = Ref("crm", "deal", "55")
ZERO = Money.zero("EUR")


def standing(reference, *, is_open=False, quantity="2", left="2", kind="sales order"):
    row = StandingRow(
        0, "A", "A", Decimal(quantity), Decimal(left), is_open, ZERO, ZERO, "A20", Decimal(20), "W1"
    )
    return Standing(
        posted=Posted(kind, 1, 4700),
        reference=str(reference),
        business_partner="C1",
        posted_on=date(2026, 11, 2),
        is_open=is_open,
        gross=False,
        totals=Totals(ZERO, ZERO, ZERO),
        paid=ZERO,
        rounding=ZERO,
        rows=(row,),
        expenses=(),
    )


@given(st.integers(0, 99), st.integers(0, 99))
def test_sales_of_a_deal_differ_and_all_name_it(one, other):
    first, second = nth_sale(DEAL, one), nth_sale(DEAL, other)

    assert (first == second) == (one == other)
    assert base_reference(str(first)) == str(DEAL)
    assert Ref.parse(str(first)) == first


@given(st.sets(st.integers(0, 9)), st.integers(0, 9))
def test_the_newest_sale_that_stands_is_found_and_no_former_one(numbers, current):
    documents = [standing(nth_sale(DEAL, number)) for number in numbers]
    found = posted_since(documents, nth_sale(DEAL, current))

    later = [number for number in numbers if number >= current]
    assert found == (nth_sale(DEAL, max(later)) if later else None)


def test_a_former_sale_that_is_closed_and_taken_back_is_over():
    delivery = standing(DEAL, left="0", kind="delivery")

    check_taken_back(nth_sale(DEAL, 1), standing(DEAL), [delivery])


@pytest.mark.parametrize(
    ("former", "deliveries", "why"),
    [
        (standing(DEAL), [standing(DEAL, left="1", kind="delivery")], "with the customer"),
        (standing(DEAL, is_open=True), [], "still open"),
    ],
)
def test_a_former_sale_that_is_not_over_asks_a_person(former, deliveries, why):
    with pytest.raises(NeedsOperator, match=why) as case:
        check_taken_back(nth_sale(DEAL, 1), former, deliveries)

    assert (case.value.reason, "sales order 4700" in case.value.fix) == ("EDIT_CONFLICT", True)


def test_a_deal_that_is_gone_leaves_what_was_delivered_to_a_person():
    check_undelivered(DEAL, [standing(DEAL, is_open=True)])

    with pytest.raises(NeedsOperator, match="part of sales order 4700 was delivered"):
        check_undelivered(DEAL, [standing(DEAL, is_open=True, left="1")])
