"""What older clients ask for is read against lists; nothing of it reaches a query as text."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.domain.table_rows import ColumnKind, Condition, Operator, Table
from b1bridge.web.compat.asking import query_of, rows_wanted
from b1bridge.web.problems import Refusal

ORDERS = {
    "DocEntry": ColumnKind.WHOLE,
    "DocNum": ColumnKind.WHOLE,
    "CardName": ColumnKind.TEXT,
    "DocDate": ColumnKind.DAY,
    "DocTotal": ColumnKind.AMOUNT,
}
LINES = {"BaseDocNum": ColumnKind.WHOLE, "Price": ColumnKind.AMOUNT}


def orders(body, num=100):
    return query_of(body, Table.ORDERS, ORDERS, {}, num)


def shipments(body):
    return query_of(body, Table.SHIPMENTS, ORDERS, LINES, 100)


def where(column, value, **op):
    [found] = orders({"params": {column: {"value": value} | op}}).conditions
    return found


def refusal(body):
    with pytest.raises(Refusal) as caught:
        shipments(body)
    return caught.value


def test_the_older_product_s_own_example_is_read():
    body = {
        "columns": ["DocNum", "CardName", "DocDate"],
        "params": {"DocDate": {"op": ">=", "value": "2016-01-01"}},
    }

    found = orders(body, num=1)

    assert found.columns == ("DocNum", "CardName", "DocDate")
    assert found.conditions == (Condition("DocDate", Operator.AT_LEAST, (date(2016, 1, 1),)),)
    assert (found.table, found.limit, found.line_columns) == (Table.ORDERS, 1, ())


@pytest.mark.parametrize("body", [{}, {"columns": [], "params": {}}, {"columns": ["*"]}])
def test_without_a_choice_every_column_comes(body):
    assert orders(body).columns == tuple(ORDERS)
    assert shipments(body).line_columns == tuple(LINES)


def test_columns_are_answered_in_the_case_they_were_asked_in():
    assert orders({"columns": ["cardname"], "params": {"docnum": {"value": "7"}}}).columns == (
        "cardname",
    )
    assert where("docnum", "7") == Condition("DocNum", Operator.EQUAL, (7,))


@pytest.mark.parametrize("name", ["itemcolumns", "itemColumns"])
def test_shipments_come_with_their_entry_and_chosen_lines(name):
    found = shipments({"columns": ["CardName"], name: ["Price"]})

    assert (found.columns, found.line_columns) == (("CardName", "DocEntry"), ("Price",))


@pytest.mark.parametrize(
    ("column", "op", "value", "operator", "values"),
    [
        ("DocNum", "=", 7, Operator.EQUAL, (7,)),
        ("DocNum", "!=", "7", Operator.NOT_EQUAL, (7,)),
        ("DocNum", "IN", ["7", 8], Operator.ONE_OF, (7, 8)),
        ("DocTotal", "<", "10.50", Operator.LESS, (Decimal("10.50"),)),
        ("CardName", "=", "Zoë's %", Operator.EQUAL, ("Zoë's %",)),
        ("CardName", "like", "Zo%", Operator.BEGINS, ("Zo",)),
        ("CardName", "like", "%oë", Operator.ENDS, ("oë",)),
        ("CardName", "LIKE", "%o%", Operator.HOLDS, ("o",)),
        ("CardName", "like", "Zoë", Operator.EQUAL, ("Zoë",)),
        ("DocDate", "=", "2026-01-01 00:00:00", Operator.EQUAL, (date(2026, 1, 1),)),
        ("DocDate", ">=", "2026-01-01 13:00:00", Operator.MORE, (date(2026, 1, 1),)),
        ("DocDate", "<", "2026-01-01T13:00", Operator.AT_MOST, (date(2026, 1, 1),)),
    ],
)
def test_conditions_are_read_by_the_kind_of_their_column(column, op, value, operator, values):
    assert where(column, value, op=op) == Condition(column, operator, values)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], ""),
        ({"columns": ["DocNum; drop table ORDR"]}, "columns"),
        ({"columns": ["1=1"]}, "columns"),
        ({"columns": "DocNum"}, "columns"),
        ({"columns": [["DocNum"]]}, "columns"),
        ({"itemcolumns": ["CardName"]}, "itemcolumns"),
        ({"params": []}, "params"),
        ({"params": {"Password": {"value": "x"}}}, "params"),
        ({"params": {"DocNum": 7}}, "params.DocNum"),
        ({"params": {"DocNum": {"op": "="}}}, "params.DocNum"),
        ({"params": {"DocNum": {"value": 7, "raw": "1"}}}, "params.DocNum"),
        ({"params": {"DocNum": {"value": 7, "op": "= 7 or 1 ="}}}, "params.DocNum"),
        ({"params": {"DocNum": {"value": 7, "op": ["="]}}}, "params.DocNum"),
        ({"params": {"DocNum": {"value": "7 or 1=1"}}}, "params.DocNum"),
        ({"params": {"DocNum": {"value": True}}}, "params.DocNum"),
        ({"params": {"DocNum": {"value": None}}}, "params.DocNum"),
        ({"params": {"DocNum": {"value": [], "op": "in"}}}, "params.DocNum"),
        ({"params": {"DocNum": {"value": "7%", "op": "like"}}}, "params.DocNum"),
        ({"params": {"DocTotal": {"value": "NaN"}}}, "params.DocTotal"),
        ({"params": {"DocTotal": {"value": "1e999"}}}, "params.DocTotal"),
        ({"params": {"DocDate": {"value": "12/12/2026"}}}, "params.DocDate"),
        ({"params": {"DocDate": {"value": "2026-01-01 13:00:00"}}}, "params.DocDate"),
        ({"params": {"CardName": {"value": "a\tb"}}}, "params.CardName"),
        ({"params": {"CardName": {"value": "a_b%", "op": "like"}}}, "params.CardName"),
        ({"params": {"CardName": {"value": "x" * 3000}}}, "params"),
    ],
)
def test_what_is_on_no_list_is_refused_by_its_field(body, field):
    found = refusal(body)

    assert found.kind.status == 400
    assert [error.pointer for error in found.errors] == ([field] if field else [])


def test_a_refusal_names_the_columns_there_are():
    assert "there are BaseDocNum, Price" in str(refusal({"itemcolumns": ["price2"]}))


@pytest.mark.parametrize(("num", "rows"), [(None, 100), ("1", 1), ("0", 0), ("5000", 100)])
def test_a_hundred_rows_come_at_most(num, rows):
    assert rows_wanted(num) == rows


@pytest.mark.parametrize("num", ["", "-1", "1.5", "ten", "1;", "٣", "9" * 40])
def test_a_number_of_rows_is_a_whole_number(num):
    with pytest.raises(Refusal):
        rows_wanted(num)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PARAMS = st.dictionaries(
    st.sampled_from([*ORDERS, "Other"]) | st.text(),
    JSON | st.fixed_dictionaries({"value": JSON}, optional={"op": JSON | st.just("like")}),
    max_size=3,
)


@given(st.fixed_dictionaries({}, optional={"columns": JSON, "params": PARAMS, "itemcolumns": JSON}))
def test_whatever_is_asked_is_read_or_refused(body):
    with suppress(Refusal):
        found = shipments(body)

        assert {name.lower() for name in found.columns} <= {name.lower() for name in ORDERS}
        assert {condition.column for condition in found.conditions} <= ORDERS.keys()
