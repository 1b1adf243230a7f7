"""The rows of a document: item, warehouse, tax and account filled in, then priced."""

from decimal import Decimal
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.documents import freight, pricing, taxing
from b1sim.company.documents.bases import Bases
from b1sim.company.kinds import RECEIVED, Kind
from b1sim.company.refusals import (
    inactive_item,
    invalid_quantity,
    missing_item,
    no_lines,
    not_for_sale,
    unknown_account,
    unknown_item,
    unknown_warehouse,
)
from b1sim.company.rules import activity, references
from b1sim.company.shape.intake import Intake
from b1sim.company.stock import placing, trees, units


def add_lines(
    books: Books,
    document: Document,
    sent: list[Intake],
    bases: Bases,
    numbers: list[int] | None = None,
) -> None:
    """Complete and price every row; Refusal names the first one that does not fit.

    A new document counts its rows from 0 whatever LineNum was sent; `numbers` keeps old ones.
    """
    if not sent:
        raise no_lines(document.kind.header)
    for number, intake in trees.explode(
        books, sent, numbers, bases.of, sells=not document.kind.is_purchase
    ):
        references.check(books, document.kind.lines, intake)
        line = {c: v for c, v in intake.columns.items() if v is not None}
        line |= {"LineNum": number, "Extra": intake.extra}
        bases.fill(line)
        _complete(books, document, line)
        code = taxing.tax_of(books, document, line)
        pricing.price(books, line, document.header, code.factor)
        document.lines.append(line)
        document.taxes.append(code)
        placing.take_sent(document, line, intake)
        freight.take_sent(document, line, intake)


def _complete(books: Books, document: Document, line: Row) -> None:
    header = document.header
    line.setdefault("BaseType", -1)
    line.setdefault("ShipDate", header["DocDueDate"])
    line |= {"Currency": header["DocCur"], "Rate": header["DocRate"]}
    if header["DocType"] == "S":
        _complete_service(books, document, line)
    else:
        _complete_item(books, document, line)
    purpose: units.Purpose = "PUoMEntry" if document.kind.is_purchase else "SUoMEntry"
    units.measure(books, line, table=document.kind.lines, purpose=purpose)
    line |= {"OpenQty": line["Quantity"], "OpenInvQty": line["InvQty"]}
    line |= {"OpenCreQty": line["Quantity"], "MovedQty": Decimal(0)}
    line |= {"LineStatus": "O", "VisOrder": line["LineNum"]}
    line.setdefault("TreeType", "N")


def _complete_service(books: Books, document: Document, line: Row) -> None:
    account = books.master("OACT", line.get("AcctCode"))
    if account is None:
        field = f"{document.kind.lines}.AcctCode"
        raise unknown_account(field, line.get("AcctCode"), line["LineNum"] + 1)
    line.setdefault("Quantity", Decimal(1))
    line.setdefault("Price", line.get("LineTotal") or Decimal(0))


def _complete_item(books: Books, document: Document, line: Row) -> None:
    table, number = document.kind.lines, line["LineNum"] + 1
    item = active_item(books, table, number, line.get("ItemCode"))
    if item["PrchseItem" if document.kind.is_purchase else "SellItem"] != "Y":
        raise not_for_sale(table, number, item["ItemCode"])
    line["ItemCode"] = item["ItemCode"]
    line.setdefault("Quantity", Decimal(1))
    if line["Quantity"] <= 0:
        raise invalid_quantity(table, number)
    line.setdefault("Dscription", item["ItemName"])
    line.setdefault("CodeBars", item["CodeBars"])
    line.setdefault("WhsCode", item["DfltWH"] or books.settings.default_warehouse)
    warehouse = books.master("OWHS", line["WhsCode"])
    if warehouse is None or warehouse["Inactive"] == "Y":
        raise unknown_warehouse(table, number, line["WhsCode"])
    line.setdefault("AcctCode", account_of(books, document.kind, line, item))
    line.setdefault("TreeType", item["TreeType"] or "N")
    line.setdefault("StockPrice", trees.cost_of(books, item))


def account_of(books: Books, kind: Kind, line: Row, item: Row) -> str:
    """Choose the account of a row: revenue, money in advance, or what was bought for.

    Bought goods go to stock, or settle what their receipt booked; anything else is an expense
    (guess: SAP finds accounts by item, group or warehouse).
    """
    settings = books.settings
    if kind.books == "prepayment":
        return settings.down_payments
    if not kind.is_purchase:
        return str(item["IncomeAcct"] or settings.revenue)
    if item["InvntItem"] == "Y":
        return settings.stock_offset if line["BaseType"] == RECEIVED else settings.stock
    return str(item["ExpensAcct"] or settings.expenses)


def active_item(books: Books, table: str, number: int, code: Any) -> Row:
    """Find the item of a row; unknown, inactive and frozen ones are refused."""
    if not code:
        raise missing_item(number)
    item = books.master("OITM", code)
    if item is None:
        raise unknown_item(table, number, code)
    if not activity.may_be_used(books, item):
        raise inactive_item(table, number, code)
    return item
