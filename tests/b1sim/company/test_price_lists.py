"""Lists that are computed from others: chains, rounding, changes of a factor."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1sim.company import clerk
from b1sim.company.masters.item_prices import round_as


def add_list(office, number, base, factor="1", **more):
    body = {"PriceListNo": number, "PriceListName": f"List {number}", "BasePriceList": base}
    office.company.create("PriceLists", body | {"Factor": factor} | more)


def price(office, number, item="A"):
    rows = office.company.read("Items", {"ItemCode": item})["ItemPrices"]
    return next(row["Price"] for row in rows if row["PriceList"] == number)


def test_a_new_list_has_a_price_for_every_item(office):
    add_list(office, 10, 1, "1.5")

    assert price(office, 10) == price(office, 10, "B") == 15


def test_a_list_without_a_base_begins_at_nothing(office):
    add_list(office, 10, 10)

    assert price(office, 10) == 0


def test_a_changed_factor_reaches_lists_made_from_the_list(office):
    add_list(office, 10, 1, "2")
    add_list(office, 9, 10, "3")

    office.company.patch("PriceLists", {"PriceListNo": 10}, {"Factor": "4"})
    clerk.set_price(office.company, "B", "7")

    assert (price(office, 10), price(office, 9)) == (40, 120)
    assert (price(office, 10, "B"), price(office, 9, "B")) == (28, 84)


def test_a_price_that_was_entered_stays(office):
    add_list(office, 10, 10)
    clerk.set_price(office.company, "A", "3.33", price_list=10)

    office.company.patch("PriceLists", {"PriceListNo": 10}, {"PriceListName": "Own"})

    assert price(office, 10) == Decimal("3.33")


def test_lists_in_a_circle_do_not_hang(office):
    add_list(office, 10, 1)

    office.company.patch("PriceLists", {"PriceListNo": 1}, {"BasePriceList": 10})

    assert price(office, 10) >= 0


@pytest.mark.parametrize(
    ("method", "rule", "fixed", "rounded"),
    [
        ("borm_NoRounding", "borrRoundOff", 0, "12.35"),
        ("borm_RoundToFullDecAmount", "borrRoundOff", 0, "12.3"),
        ("borm_RoundToFullDecAmount", "borrRoundUp", 0, "12.4"),
        ("borm_RoundToFullAmount", "borrRoundOff", 0, "12"),
        ("borm_RoundToFullTensAmount", "borrRoundUp", 0, "20"),
        ("borm_FixedInterval", "borrRoundDown", "0.25", "12.25"),
        ("borm_FixedEnding", "borrRoundUp", "0.99", "12.99"),
        ("borm_FixedEnding", "borrRoundDown", "0.99", "11.99"),
        ("borm_FixedEnding", "borrRoundOff", "9.90", "9.90"),
    ],
)
def test_a_computed_price_is_rounded_as_its_list_says(office, method, rule, fixed, rounded):
    how = {"RoundingMethod": method, "RoundingRule": rule, "FixedAmount": fixed}

    add_list(office, 10, 1, "1.2345", **how)

    assert price(office, 10) == Decimal(rounded)


AMOUNTS = st.decimals(0, 10000, places=4)


@given(AMOUNTS, st.sampled_from("12345"))
def test_up_is_never_below_down(value, method):
    rows = [
        {"RoundSys": method, "Extra": f'{{"RoundingRule": "{rule}", "FixedAmount": 0.95}}'}
        for rule in "FRC"
    ]

    down, off, up = (round_as(row, value) for row in rows)

    assert 0 <= down <= off <= up
    assert down - Decimal("0.005") <= value <= up + Decimal("0.005")
