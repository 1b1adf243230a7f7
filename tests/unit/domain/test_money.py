"""Exact amounts, and splits that lose no cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.money import Money, decimals_of

cents = st.integers(-1_000_000, 1_000_000).map(lambda n: Decimal(n).scaleb(-2))
weights = st.lists(st.integers(0, 100_000).map(lambda n: Decimal(n).scaleb(-2)), min_size=1)


def parts_of(total, *shares, currency="EUR"):
    return [
        str(part.amount)
        for part in Money.of(total, currency).split([Decimal(share) for share in shares])
    ]


def test_an_order_discount_is_shared_out_by_largest_remainder():
    assert parts_of("10.00", "19.99", "19.99", "9.99") == ["4.00", "4.00", "2.00"]


def test_a_kit_price_is_shared_out_over_its_components():
    assert parts_of("49.90", "30", "25") == ["27.22", "22.68"]


def test_mixed_freight_is_shared_out_by_net_value():
    assert parts_of("9.00", "100", "50") == ["6.00", "3.00"]


def test_a_negative_amount_is_shared_out_to_the_cent():
    assert parts_of("-10.00", "1", "1", "1") == ["-3.33", "-3.33", "-3.34"]


def test_yen_are_shared_out_whole():
    assert parts_of("100", "1", "1", "1", currency="JPY") == ["34", "33", "33"]


def test_nothing_can_be_shared_out_over_nothing():
    assert Money.zero("EUR").split([Decimal(0), Decimal(0)]) == [Money.zero("EUR")] * 2
    with pytest.raises(ValueError, match="cannot be shared out"):
        Money.of("0.01", "EUR").split([Decimal(0)])


@given(total=cents, shares=weights.filter(any))
def test_parts_sum_to_the_whole_and_nothing_goes_to_a_weight_of_nothing(total, shares):
    whole = Money(total, "EUR")

    parts = whole.split(shares)

    assert Money.sum(parts, "EUR").amount == total
    assert all(not part for part, share in zip(parts, shares, strict=True) if not share)


@given(total=cents, shares=weights.filter(any))
def test_no_part_is_a_cent_or_more_away_from_its_exact_share(total, shares):
    parts = Money(total, "EUR").split(shares)

    for part, share in zip(parts, shares, strict=True):
        assert abs(part.amount - total * share / sum(shares)) < Decimal("0.01")


def test_currencies_never_mix():
    euro, krona = Money.of("1.00", "EUR"), Money.of("1.00", "SEK")

    for mix in (
        lambda: euro + krona,
        lambda: euro - krona,
        lambda: euro > krona,
        lambda: euro < krona,
    ):
        with pytest.raises(ValueError, match="EUR and SEK do not add up"):
            mix()


def test_an_amount_is_told_in_the_decimals_it_is_settled_with():
    assert str(Money.of("1234.5", "eur")) == "1234.50 EUR"
    assert str(Money.of("1234.5", "JPY")) == "1235 JPY"
    assert decimals_of("KWD") == 3


def test_amounts_compare_and_turn_around():
    one, two = Money.of(1, "EUR"), Money.of(2, "EUR")

    assert one < two
    assert two > one
    assert abs(-two) == two
    assert two - one == one
    assert not Money.zero("EUR")
