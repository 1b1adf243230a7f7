"""Transfer requests (1250000001): what transfers draw from them, and how they close.

The requested goods are committed in the warehouse they are asked from (guess: SAP also shows them
as ordered in the other one).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.document import Document, load
from b1sim.company.goods.kinds import REQUEST
from b1sim.company.refusals import (
    already_closed,
    base_closed,
    base_item_differs,
    base_missing,
    not_found,
)
from b1sim.company.shape.intake import Intake
from b1sim.company.stock import stock, units
from b1sim.company.stock.stock import Movement

_COPIED = ("ItemCode", "Dscription", "FromWhsCod", "WhsCode", "UomEntry", "UseBaseUn", "Project")


def fill(books: Books, document: Document, number: int, sent: Intake) -> None:
    """Complete a sent row from the request's row it is drawn from."""
    row = _base(books, document, number, sent.columns)
    if row is None:
        return
    if row["LineStatus"] != "O":
        raise base_closed()
    if sent.columns.get("ItemCode") not in (None, row["ItemCode"]):
        raise base_item_differs(number + 1)
    for column in _COPIED:
        if sent.columns.get(column) is None:
            sent.columns[column] = row[column]
    if sent.columns.get("Quantity") is None:
        sent.columns["Quantity"] = row["OpenQty"]


def _base(books: Books, document: Document, number: int, line: Row) -> Row | None:
    if str(line.get("BaseType") or "") != str(REQUEST.type):
        return None
    found = load(books, REQUEST, int(line.get("BaseEntry") or 0))
    rows = found.lines if found else []
    for row in rows:
        if row["LineNum"] == (line.get("BaseLine") or 0):
            return row
    raise base_missing(document.kind.lines, number + 1)


def draw(books: Books, document: Document) -> None:
    """Take the transferred quantities off the requests, and close what is used up."""
    touched: set[int] = set()
    for line in document.lines:
        row = _base(books, document, line["LineNum"], line)
        if row is not None:
            _draw_row(books, row, line)
            touched.add(row["DocEntry"])
    for entry in touched:
        _settle(books, entry)


def _draw_row(books: Books, row: Row, line: Row) -> None:
    drawn = min(line["Quantity"], row["OpenQty"])
    stock.move(books, REQUEST.lines, [_promise(row, -units.in_base(row, drawn))])
    opened = row["OpenQty"] - drawn
    changes: dict[str, Any] = {"OpenQty": opened, "OpenInvQty": units.in_base(row, opened)}
    if not opened:
        changes |= {"OpenInvQty": Decimal(0), "LineStatus": "C"}
    key = {"DocEntry": row["DocEntry"], "LineNum": row["LineNum"]}
    books.update(REQUEST.lines, key, changes)


def _settle(books: Books, entry: int) -> None:
    sql = "SELECT 1 FROM WTQ1 WHERE DocEntry = ? AND LineStatus = 'O'"
    status = "O" if books.row(sql, (entry,)) else "C"
    changes = {"DocStatus": status, "UpdateDate": books.today()}
    books.update(REQUEST.header, {"DocEntry": entry}, changes)


def promised(lines: Iterable[Row], sign: int) -> list[Movement]:
    """Return what open rows promise, or with -1 what their closing takes back."""
    return [
        _promise(line, sign * units.in_base(line, line["OpenQty"]))
        for line in lines
        if line["LineStatus"] == "O" and line["OpenQty"]
    ]


def _promise(line: Row, quantity: Decimal) -> Movement:
    number = line["LineNum"] + 1
    return Movement(line["ItemCode"], line["FromWhsCod"], committed=quantity, row=number)


def end(books: Books, entry: int, *, canceled: bool) -> None:
    """Close or cancel an open request."""
    document = load(books, REQUEST, entry)
    if document is None:
        raise not_found()
    if document.header["DocStatus"] != "O":
        raise already_closed()
    stock.move(books, REQUEST.lines, promised(document.lines, -1))
    books.update(REQUEST.lines, {"DocEntry": entry}, {"LineStatus": "C"})
    changes = {"DocStatus": "C", "CANCELED": "Y" if canceled else "N"}
    books.update(REQUEST.header, {"DocEntry": entry}, changes | {"UpdateDate": books.today()})
