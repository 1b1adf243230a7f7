"""The rows of warehouse documents: item, warehouse and unit filled in."""

from decimal import Decimal
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.documents.lines import active_item
from b1sim.company.refusals import (
    invalid_quantity,
    no_lines,
    unknown_warehouse,
)
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import amount
from b1sim.company.stock import placing, units
from b1sim.company.stock.refusals import not_stocked


def add_row(books: Books, document: Document, number: int, intake: Intake) -> Row:
    """Complete one row and what names its goods; warehouses and amounts follow."""
    table = document.kind.lines
    line = {c: v for c, v in intake.columns.items() if v is not None}
    line |= {"LineNum": number, "Extra": intake.extra}
    item = item_of(books, table, number + 1, line.get("ItemCode"))
    line["ItemCode"] = item["ItemCode"]
    line.setdefault("Quantity", Decimal(1))
    if line["Quantity"] <= 0:
        raise invalid_quantity(table, number + 1)
    line.setdefault("Dscription", item["ItemName"])
    units.measure(books, line, table=table, purpose="IUoMEntry")
    line |= {"OpenQty": line["Quantity"], "OpenInvQty": line["InvQty"], "LineStatus": "O"}
    line["OpenCreQty"] = line["Quantity"]
    line |= {"VisOrder": number, "TreeType": "N", "BaseType": line.get("BaseType", -1)}
    line["StockPrice"] = amount(item["AvgPrice"])
    document.lines.append(line)
    placing.take_sent(document, line, intake)
    return line


def item_of(books: Books, table: str, number: int, code: Any) -> Row:
    """Find the item of a row; only stock items move (guess: text)."""
    item = active_item(books, table, number, code)
    if item["InvntItem"] != "Y":
        raise not_stocked(table, number, code)
    return item


def check_warehouse(books: Books, table: str, number: int, code: str | None) -> None:
    """Refuse an unknown or inactive warehouse."""
    found = books.master("OWHS", code)
    if found is None or found["Inactive"] == "Y":
        raise unknown_warehouse(table, number, code or "")


def sent_rows(document: Document, intake: Intake, name: str) -> list[Intake]:
    """Return the rows that were sent; Refusal when there are none."""
    found = intake.rows.get(name, [])
    if not found:
        raise no_lines(document.kind.header)
    return found
