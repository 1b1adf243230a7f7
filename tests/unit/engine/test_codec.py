"""Step results come back exactly as they were."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.customers import Address, BusinessPartner
from b1bridge.domain.documents import DocumentKind, DocumentLine, Totals
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.engine import codec
from b1bridge.engine.durable import PlainJson
from b1bridge.engine.run import Written
from b1bridge.errors import ContractBroken, NeedsOperator, Rejected, Transient, Unmapped

amounts = st.decimals(allow_nan=False, allow_infinity=False)
money = st.builds(Money, amounts, st.sampled_from(["EUR", "USD", "JPY"]))
zones = st.integers(-720, 720).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=zones)
scalars = st.none() | st.booleans() | st.integers() | st.text() | amounts | st.dates() | moments
things = (
    scalars
    | money
    | st.builds(Ref, st.text(), st.text(), st.text())
    | st.builds(Posted, st.text(), st.integers(), st.integers())
    | st.sampled_from(DocumentKind)
    | st.builds(Totals, money, money, money)
    | st.builds(Address, first_name=st.text(), email=st.text())
    | st.builds(DocumentLine, st.text(), st.text(), amounts, money, st.text(), amounts, st.text())
)
keys = st.text() | st.integers() | st.builds(Ref, st.text(), st.text(), st.text())
values = st.recursive(
    things,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner)
        | st.builds(Written, inner, st.booleans())
    ),
    max_leaves=12,
)


@given(values)
def test_what_is_remembered_is_what_was_returned(value):
    again = codec.loads(codec.dumps(value))

    assert again == value
    assert type(again) is type(value)
    assert codec.dumps(again) == codec.dumps(value)


def test_an_amount_keeps_its_trailing_zeros():
    assert str(codec.loads(codec.dumps(Decimal("10.00")))) == "10.00"


def test_a_dictionary_may_use_the_tag_as_a_key():
    assert codec.loads(codec.dumps({"$": "decimal"})) == {"$": "decimal"}


def test_a_class_from_elsewhere_cannot_be_remembered():
    with pytest.raises(codec.Unreadable, match=r"pathlib"):
        codec.dumps(__import__("pathlib").Path("x"))


@pytest.mark.parametrize(
    "name", ["subprocess:Popen", "os:system", "storage.vault:Vault", "engine.run:Run.step"]
)
def test_a_stored_name_cannot_reach_code_outside_the_trade(name):
    with pytest.raises((codec.Unreadable, ModuleNotFoundError)):
        codec.loads(json.dumps({"$": name}))


@pytest.mark.parametrize("name", ["engine.codec:Unreadable", "domain.money:rounded"])
def test_a_stored_name_must_be_a_dataclass(name):
    with pytest.raises(codec.Unreadable):
        codec.loads(json.dumps({"$": name}))


def test_a_stored_enumeration_must_be_one():
    with pytest.raises(codec.Unreadable):
        codec.loads(json.dumps({"$": "enum", "of": "domain.money:Money", "v": "EUR"}))


@pytest.mark.parametrize(
    "error",
    [
        Transient("busy", system="sap", code="429", retry_after=1.5),
        Rejected("closed", system="sap", code="-10", fix="open it"),
        Unmapped("no tax code", reason="TAX_MAP", fix="enter one"),
        NeedsOperator("choose", reason="AMBIGUOUS_CUSTOMER"),
        ContractBroken("no total", system="sap", payload='{"DocEntry":7}'),
    ],
)
def test_an_error_of_ours_comes_back_with_its_facts(error):
    error.connection = "books"
    kept = PlainJson()

    again = kept.deserialize(kept.serialize(error))

    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_of_a_bug_only_the_text_comes_back():
    kept = PlainJson()

    again = kept.deserialize(kept.serialize(KeyError("total")))

    assert isinstance(again, codec.Remembered)
    assert str(again) == "KeyError: 'total'"


def test_a_digest_is_the_same_for_equal_values_only():
    partner = BusinessPartner("C1", "Anna")

    assert codec.digest([partner]) == codec.digest([BusinessPartner("C1", "Anna")])
    assert codec.digest([partner]) != codec.digest([BusinessPartner("C2", "Anna")])
    assert codec.digest({1, 2}) == codec.digest({1, 2})


def test_days_and_moments_are_not_mixed_up():
    assert codec.loads(codec.dumps([date(2026, 11, 2), datetime(2026, 11, 2, tzinfo=UTC)])) == [
        date(2026, 11, 2),
        datetime(2026, 11, 2, tzinfo=UTC),
    ]
