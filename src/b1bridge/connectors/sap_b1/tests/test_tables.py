"""Documents read as rows of their tables, the way clients of the database knew them."""

from datetime import date
from decimal import Decimal

import pytest

from b1bridge.connectors.sap_b1.table_columns import COLUMNS
from b1bridge.domain.table_rows import Condition, Operator, Table, TableQuery

pytestmark = pytest.mark.anyio


def order(world, number, **fields):
    header = {"CardCode": "C1", "NumAtCard": number, "DocDueDate": "2099-01-31"}
    line = {"ItemCode": "TEA", "Quantity": 2, "UnitPrice": 5, "VatGroup": "A20"}
    return world.company.create("Orders", header | fields | {"DocumentLines": [line]})


def deliver(world, base):
    line = {"BaseType": 17, "BaseEntry": base["DocEntry"], "BaseLine": 0, "Quantity": 1}
    return world.company.create("DeliveryNotes", {"CardCode": "C1", "DocumentLines": [line]})


def asked(*columns, table=Table.ORDERS, where=(), **rest):
    conditions = tuple(Condition(column, Operator(op), values) for column, op, values in where)
    return TableQuery(table, columns, conditions, **rest)


async def cells(books, query):
    return [row.cells for row in await books.table_rows(query)]


async def test_cells_read_as_the_database_printed_them(books, world):
    made = order(world, "W-1", Comments="Zoë's")
    day = world.company.books.today()
    columns = ("DocNum", "cardname", "DocDate", "DocTotal", "DocStatus", "CANCELED", "JrnlMemo")

    [found] = await cells(books, asked(*columns, "Comments", "TrackNo"))

    assert found.pop("JrnlMemo") == (made["JournalMemo"] or "")
    assert found == {
        "DocNum": str(made["DocNum"]),
        "cardname": "Anna Ek",
        "DocDate": f"{day} 00:00:00",
        "DocTotal": "12.000000",
        "DocStatus": "O",
        "CANCELED": "N",
        "Comments": "Zoë's",
        "TrackNo": "",
    }


async def test_every_column_on_the_list_can_be_asked_for(books, world):
    deliver(world, order(world, "W-1"))
    lines = tuple(books.table_columns(Table.SHIPMENT_LINES))

    [of_order] = await books.table_rows(asked(*books.table_columns(Table.ORDERS)))
    columns = books.table_columns(Table.SHIPMENTS)
    [shipment] = await books.table_rows(asked(*columns, table=Table.SHIPMENTS, line_columns=lines))

    assert of_order.cells.keys() == COLUMNS[Table.ORDERS].keys()
    assert [line.keys() for line in shipment.lines] == [COLUMNS[Table.SHIPMENT_LINES].keys()]


@pytest.mark.parametrize(
    ("column", "operator", "values", "found"),
    [
        ("NumAtCard", "=", ("W-2",), ["W-2"]),
        ("numatcard", "=", ("w-2",), ["W-2"]),
        ("NumAtCard", "in", ("W-1", "W-3"), ["W-1", "W-3"]),
        ("NumAtCard", "<>", ("W-1",), ["W-2", "W-3"]),
        ("NumAtCard", "=", ("W-1' or 1 eq 1 or 'a' eq 'a",), []),
        ("NumAtCard", "begins with", ("W-",), ["W-1", "W-2", "W-3"]),
        ("NumAtCard", "ends with", ("-1",), ["W-1"]),
        ("CardName", "holds", ("a E",), ["W-1", "W-2", "W-3"]),
        ("DocTotal", ">=", (Decimal(12),), ["W-1", "W-2", "W-3"]),
        ("DocTotal", ">", (Decimal("12.01"),), []),
        ("DocDate", "<", (date(2000, 1, 1),), []),
        ("DocStatus", "=", ("C",), ["W-3"]),
        ("CANCELED", "=", ("Y",), ["W-3"]),
    ],
)
async def test_rows_are_found_by_their_columns(books, world, column, operator, values, found):
    for number in ("W-1", "W-2"):
        order(world, number)
    cancelled = {"DocEntry": order(world, "W-3")["DocEntry"]}
    world.company.act("Orders", cancelled, "Cancel")

    rows = await cells(books, asked("NumAtCard", where=[(column, operator, values)]))

    assert [row["NumAtCard"] for row in rows] == found


async def test_no_more_rows_come_than_were_asked_for(books, world):
    for number in range(3):
        order(world, f"W-{number}")

    rows = await cells(books, asked("NumAtCard", limit=2))

    assert [row["NumAtCard"] for row in rows] == ["W-0", "W-1"]


async def test_lines_tell_the_number_of_the_order_they_came_from(books, world):
    bases = [order(world, f"W-{number}") for number in range(3)]
    for base in bases:
        deliver(world, base)
    before = world.requests()
    query = asked(
        "DocEntry", table=Table.SHIPMENTS, line_columns=("basedocnum", "Price", "ItemCode")
    )

    rows = await books.table_rows(query)

    told = [line for row in rows for line in row.lines]
    assert [line["basedocnum"] for line in told] == [str(base["DocNum"]) for base in bases]
    assert {(line["Price"], line["ItemCode"]) for line in told} == {("5.000000", "TEA")}
    after = world.requests()
    assert sum(after.values()) - sum(before.values()) <= 3  # a login, the page, its bases
