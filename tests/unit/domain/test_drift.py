"""Every difference in stock has one cause, and what costs most comes first."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.drift import (
    Cause,
    Compared,
    at_pace,
    drift_of,
    ranked,
    unknown,
    unmapped,
)
from b1bridge.domain.stock import Pushed

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def compared(shows, wanted, free=None, **facts):
    pushed = facts.pop("pushed", None)
    return Compared(
        sku="MUG",
        location="1",
        item="MUG",
        shows=shows,
        wanted=wanted,
        free=Decimal(wanted if free is None else free),
        pushed=None if pushed is None else Pushed(pushed, AT),
        **{name: Decimal(value) for name, value in facts.items()},
    )


@pytest.mark.parametrize(
    ("both", "cause", "told"),
    [
        (compared(47, 47, 50, in_flight=3), Cause.IN_FLIGHT, "3 bought that the books"),
        (compared(8, 8, 100, pack=12), Cause.PACK, "100 units are 8 whole packs of 12"),
        (compared(1, 5), Cause.LATE, "shows 1, ought to show 5; never pushed"),
        (compared(9, 5, pushed=9), Cause.LATE, "the books have moved to 5 since"),
        (compared(7, 9, pushed=9, sold=2), Cause.IN_FLIGHT, "2 sold that the books do not"),
        (compared(7, 3, pushed=9, sold=2), Cause.LATE, "2 sold, and the books moved to 3"),
        (compared(12, 9, pushed=9), Cause.EDIT, "pushed 9 on 2026-11-02 09:30 UTC, shows 12; no"),
        (compared(4, 9, pushed=9, sold=2), Cause.EDIT, "only 2 sold in between"),
    ],
)
def test_each_difference_has_a_cause_with_its_facts(both, cause, told):
    found = drift_of(both)

    assert found is not None
    assert found.cause is cause
    assert told in found.told


def test_sides_that_agree_do_not_drift():
    assert drift_of(compared(5, 5)) is None


@given(*[st.integers(0, 30)] * 5)
def test_what_is_called_an_edit_is_explained_by_no_sale(shows, wanted, pushed, sold, in_flight):
    found = drift_of(compared(shows, wanted, pushed=pushed, sold=sold, in_flight=in_flight))

    is_edit = found is not None and found.cause is Cause.EDIT
    may_be_sales = pushed - sold <= shows <= pushed
    assert not (is_edit and may_be_sales)


def test_risk_is_how_far_off_times_how_fast_it_sells():
    slow = drift_of(compared(100, 0))
    assert slow is not None
    fast = at_pace(replace(slow, sku="PEN", off=Decimal(-5)), Decimal(30))
    stranger = unknown("X", "1", 7)

    order = ranked([stranger, at_pace(slow, Decimal(1)), fast])

    assert [(one.sku, one.risk) for one in order] == [("PEN", 150), ("MUG", 100), ("X", 0)]


def test_stock_that_nothing_shows_is_told_as_such():
    found = unmapped(compared(0, 0, 7), "7 units lie in 02, which serves no location")

    assert (found.cause, found.off) == (Cause.WAREHOUSE, -7)
