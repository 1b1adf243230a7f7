"""Amounts survive JSON exactly."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.sdk import exact_json

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | DECIMALS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_written_reads_back_the_same(value):
    assert exact_json.loads(exact_json.dumps(value)) == value


@pytest.mark.parametrize("text", ["0.1", "20.00", "0.000001", "119.00", "-3.10", "1000000.01"])
def test_an_amount_is_written_as_the_number_it_reads(text):
    assert exact_json.dumps({"DocTotal": Decimal(text)}) == f'{{"DocTotal":{text}}}'


def test_a_small_amount_is_not_written_with_an_exponent():
    assert exact_json.dumps(Decimal("1E-7")) == "0.0000001"


def test_a_fraction_is_read_without_passing_through_binary():
    assert exact_json.loads('{"total": 0.1}')["total"] == Decimal("0.1")


def test_a_day_is_written_as_iso_text():
    assert json.loads(exact_json.dumps([date(2026, 11, 21)])) == ["2026-11-21"]


@pytest.mark.parametrize("value", [0.1, {"a": [1.5]}, object()])
def test_a_float_is_refused(value):
    with pytest.raises(TypeError, match="no exact form"):
        exact_json.dumps(value)


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "{", ""])
def test_what_is_not_json_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        exact_json.loads(text)


def test_an_infinite_amount_is_refused():
    with pytest.raises(ValueError, match="not a JSON number"):
        exact_json.dumps(Decimal("Infinity"))
