"""No text breaks out of a filter, and no request grows longer than a URL may be."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client import odata
from b1bridge.connectors.sap_b1.client.odata import and_, any_of, contains, eq, gt, key, or_, query

SPEAKABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))


def reads_back(text):
    """Undo an OData literal the way a server does; None when quotes do not pair up."""
    if not re.fullmatch(r"'(?:[^']|'')*'", text, re.DOTALL):
        return None
    return text[1:-1].replace("''", "'")


@given(SPEAKABLE)
def test_any_text_stays_one_literal(text):
    assert reads_back(eq("CardName", text).text.removeprefix("CardName eq ")) == text


@given(SPEAKABLE)
def test_any_text_survives_the_query_string(text):
    sent = parse_qs(query(select=["CardCode"], where=eq("CardName", text)), strict_parsing=True)

    assert set(sent) == {"$select", "$filter"}
    assert reads_back(sent["$filter"][0].removeprefix("CardName eq ")) == text


@given(SPEAKABLE)
def test_any_text_stays_inside_a_key(text):
    address = key("SQLQueries", text)

    assert re.fullmatch(r"SQLQueries\('[^/?#&\s]*'\)", address)
    assert reads_back(unquote(address)[len("SQLQueries(") : -1]) == text


def test_an_injection_is_only_a_strange_name():
    where = eq("CardName", "x' or CardCode ne '")

    assert where.text == "CardName eq 'x'' or CardCode ne '''"


@pytest.mark.parametrize("text", ["a\x00b", "tab\there", "line\n", "\ud800"])
def test_control_characters_are_refused(text):
    with pytest.raises(ValueError, match="control characters"):
        eq("CardName", text)


@pytest.mark.parametrize("name", ["CardName eq 'x' or 1", "", "a b", "Ünicode", "a,b"])
def test_only_names_stand_where_names_belong(name):
    with pytest.raises(ValueError, match="no property"):
        eq(name, "x")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (7, "7"),
        (Decimal("10.50"), "10.50"),
        (date(2026, 11, 21), "'2026-11-21'"),
        (None, "null"),
        ("tYES", "'tYES'"),
        ("O'Brien", "'O''Brien'"),
    ],
)
def test_a_value_is_written_as_its_type_asks(value, written):
    assert eq("X", value).text == f"X eq {written}"


def test_conditions_nest_with_parentheses():
    where = and_(gt("DocEntry", 5), or_(eq("CardType", "cCustomer"), contains("CardName", "a")))

    expected = "(DocEntry gt 5 and (CardType eq 'cCustomer' or contains(CardName,'a')))"
    assert where.text == expected


def test_the_negation_of_a_condition_keeps_it_whole():
    assert odata.not_(odata.ne("A", 1)).text == "not (A ne 1)"


def test_a_composite_key_names_its_parts():
    assert key("UserFieldsMD", TableName="OCRD", FieldID=0) == (
        "UserFieldsMD(TableName='OCRD',FieldID=0)"
    )


def test_spaces_are_never_sent_as_plus():
    assert "+" not in query(select=["A"], where=eq("A", "b c"), order_by="A", top=1)


def test_every_condition_of_a_long_list_fits_a_url_and_none_is_lost():
    codes = [f"ITEM-{n:05}-ÄÖÜ" for n in range(400)]

    chunks = list(any_of("ItemCode", codes))

    assert len(chunks) > 1
    assert all(len(odata.encoded(chunk.text)) <= 3100 for chunk in chunks)
    found = re.findall(r"ItemCode eq '([^']*)'", " ".join(chunk.text for chunk in chunks))
    assert found == codes


def test_of_nothing_nothing_is_asked():
    assert list(any_of("ItemCode", [])) == []
