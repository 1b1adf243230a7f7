"""The `$filter` dialect: every literal form, every refusal, and text that means harm."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1sim.company.refusals import Refusal
from b1sim.company.shape.model import ENTITY_SETS
from b1sim.odata.reading.conditions import compile_filter

ORDERS = ENTITY_SETS["Orders"]


@pytest.fixture(scope="module")
def rows():
    """Three orders in a table of SAP's shape."""
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE TABLE ORDR (DocEntry, CardCode, CardName, NumAtCard, DocDate, UpdateTS, "
        "DocStatus, DocTotal, PaidToDate)"
    )
    db.executemany(
        "INSERT INTO ORDR VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (1, "C1", "O'Neil & Söhne", "web-1", "2026-04-22", 93000, "O", 10.5, 0.0),
            (2, "C2", "Blue Barn", None, "2026-04-23", 183842, "C", 20.0, 20.0),
            (3, "c3", "Barn 100%", "web_1", "2026-04-24", 235959, "O", 30.25, 5.0),
        ],
    )
    yield db
    db.close()


def found(rows, text, **options):
    where = compile_filter(ORDERS, text, **options)
    sql = f"SELECT DocEntry FROM ORDR WHERE {where.sql} ORDER BY 1"  # noqa: S608  under test
    return [entry for (entry,) in rows.execute(sql, where.params)]


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("CardName eq 'O''Neil & Söhne'", [1]),
        ("startswith(CardName,'Bl')", [2]),
        ("endswith(CardName, '100%')", [3]),
        ("endswith(CardName, 'a longer text than any name here')", []),
        ("contains(CardName,'Barn')", [2, 3]),
        ("substringof('Barn',CardName)", [2, 3]),
        ("substringof('Barn',CardName) eq true", [2, 3]),
        ("contains(CardName,'barn')", []),
        ("not contains(CardName,'Barn')", [1]),
        ("not(contains(CardName,'Barn'))", [1]),
        ("contains(NumAtCard,'_')", [3]),
        ("contains(CardName,'%')", [3]),
        ("NumAtCard eq null", [2]),
        ("NumAtCard ne null", [1, 3]),
        ("DocumentStatus eq 'bost_Open'", [1, 3]),
        ("DocumentStatus eq 'C'", [2]),
        ("DocEntry gt 1 and DocEntry le 2", [2]),
        ("DocEntry eq 1 or DocEntry eq 2 and DocTotal gt 100", [1]),
        ("(DocEntry eq 1 or DocEntry eq 2) and DocTotal gt 15", [2]),
        ("DocTotal ge 10.5", [1, 2, 3]),
        ("DocTotal ge '20'", [2, 3]),
        ("DocTotal gt 20.0M", [3]),
        ("DocTotal lt -1", []),
        ("DocTotal gt PaidToDate", [1, 3]),
        ("2 lt DocEntry", [3]),
        ("  DocEntry   eq   3  ", [3]),
    ],
)
def test_a_condition_finds_its_orders(rows, text, entries):
    assert found(rows, text) == entries


def test_a_condition_may_name_hundreds_of_keys(rows):
    text = " or ".join(f"DocEntry eq {entry}" for entry in range(2, 502))

    assert found(rows, text) == [2, 3]


@pytest.mark.parametrize(
    "literal",
    [
        "'2026-04-23'",
        "'20260423'",
        "datetime'2026-04-23'",
        "datetime'2026-04-23T12:21:21'",
        "'2026-04-23T12:21:21'",
        "'2026-04-23T00:00:00Z'",
        "'20260423000000'",
        "2026-04-23",
        "2026-04-23T00:00:00Z",
    ],
)
def test_every_date_literal_means_the_day(rows, literal):
    assert found(rows, f"DocDate eq {literal}") == [2]
    assert found(rows, f"DocDate gt {literal}") == [3]


@pytest.mark.parametrize(
    "literal",
    [
        "'18:38:00'",
        "'18:38'",
        "'183800'",
        "'1838'",
        "'2026-04-23T18:38:59'",
        "'20260423183800'",
        "datetime'2026-04-23T18:38:11'",
        "18:38:00",
    ],
)
def test_only_hour_and_minute_of_a_time_are_effective(rows, literal):
    assert found(rows, f"UpdateTime eq {literal}") == [2]
    assert found(rows, f"UpdateTime gt {literal}") == [3]


def test_case_can_be_ignored_beyond_ascii(rows):
    rows.create_function("casefolded", 1, str.casefold)

    assert found(rows, "CardName eq 'o''NEIL & SÖHNE'", ignore_case=True) == [1]
    assert found(rows, "CardName eq 'o''NEIL & SÖHNE'") == []


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("DocStatus eq 'O'", 201, "Property 'DocStatus' is invalid"),
        ("DocumentLines/ItemCode eq 'x'", 201, "Property 'DocumentLines/ItemCode' is invalid"),
        (
            "toupper(CardName) eq 'X'",
            -1000,
            "Property 'toupper' of 'Document' is invalid",
        ),
        ("DocDate eq '2026-02-30'", -1000, "'2026-02-30'"),
        ("DocumentStatus eq 'bost_Lost'", -1000, "'bost_Lost'"),
        ("DocEntry eq 'x'", -1000, "'x'"),
        ("DocEntry eq", -1000, "cannot read"),
        ("(DocEntry eq 1", -1000, "cannot read"),
        ("DocEntry in (1,2)", -1000, "cannot read"),
        ("DocTotal add 1 eq 2", -1000, "cannot read"),
        ("1 eq 1", -1000, "names no property"),
        ("(" * 100 + "DocEntry eq 1" + ")" * 100, -1000, "nested too deeply"),
    ],
)
def test_what_the_dialect_lacks_is_refused_with_saps_code(text, code, message):
    with pytest.raises(Refusal) as refusal:
        compile_filter(ORDERS, text)

    assert refusal.value.code == code
    assert message in refusal.value.message


@pytest.mark.parametrize(
    "text",
    [
        "DocEntry eq 1; DROP TABLE ORDR",
        "DocEntry eq 1 OR 1=1",
        "CardName eq 'x' -- ",
        "CardName eq 'x' UNION SELECT 1",
        "CardName\" eq 'x'",
        "CardName eq 'x'' or DocEntry gt 0",
    ],
)
def test_sql_in_a_filter_is_refused(text):
    with pytest.raises(Refusal):
        compile_filter(ORDERS, text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
def test_any_text_is_found_by_its_quoted_self(text):
    where = compile_filter(ORDERS, "CardName eq '" + text.replace("'", "''") + "'")

    assert where.params == (text,)
