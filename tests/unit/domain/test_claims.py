"""Money that goes back is credited once, whether the order was edited, cancelled or neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.claims import credited_by_refunds, owed
from b1bridge.domain.money import Money


def eur(amount):
    return Money.of(amount, "EUR")


cents = st.integers(min_value=0, max_value=100_000).map(eur)


@pytest.mark.parametrize(
    ("total", "received", "returned", "credited"),
    [
        ("119.00", "119.00", "23.80", "23.80"),  # part of a paid order
        ("119.00", "119.00", "119.00", "119.00"),  # all of it
        ("95.20", "119.00", "23.80", "0"),  # the edit reduced the order already
        ("95.20", "119.00", "33.80", "10.00"),  # the edit, and goodwill besides
        ("0", "119.00", "119.00", "0"),  # cancelled, then refunded
        ("0", "119.00", "23.80", "0"),  # cancelled, the rest not given back yet
        ("119.00", "0", "10.00", "10.00"),  # never captured: paid some other way
        ("119.00", "129.00", "10.00", "0"),  # paid too much, the excess goes back
    ],
)
def test_what_a_refund_credits(total, received, returned, credited):
    assert credited_by_refunds(eur(total), eur(received), eur(returned)) == eur(credited)


@given(cents, cents, cents)
def test_never_more_than_went_back_and_never_below_zero(total, received, returned):
    credited = credited_by_refunds(total, received, returned)

    assert not credited > returned
    assert not credited < eur(0)
    assert owed(total, received, returned) == total - credited
