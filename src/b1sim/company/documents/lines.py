"""The rows of a document: item, warehouse, tax and account filled in, then priced."""

from decimal import Decimal
from typing import Any

from b1sim.company import tax
from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.documents import pricing
from b1sim.company.documents.bases import Bases
from b1sim.company.kinds import RECEIVED, Kind
from b1sim.company.refusals import (
    inactive_item,
    invalid_quantity,
    missing_item,
    no_lines,
    not_for_sale,
    unknown_account,
    unknown_expense,
    unknown_item,
    unknown_warehouse,
)
from b1sim.company.shape.intake import Intake
from b1sim.company.stock import placing, trees, units
from b1sim.company.tax import Tax


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
    for number, intake in trees.explode(books, sent, numbers, bases.of):
        line = {c: v for c, v in intake.columns.items() if v is not None}
        line |= {"LineNum": number, "Extra": intake.extra}
        bases.fill(line)
        _complete(books, document, line)
        code = _tax_of(books, document, line)
        pricing.price(books, line, document.header, code.factor)
        document.lines.append(line)
        document.taxes.append(code)
        placing.take_sent(document, line, intake)


def _complete(books: Books, document: Document, line: Row) -> None:
    header = document.header
    line.setdefault("BaseType", -1)
    line.setdefault("ShipDate", header["DocDueDate"])
    line |= {"Currency": header["DocCur"], "Rate": header["DocRate"]}
    if header["DocType"] == "S":
        _complete_service(books, document, line)
    else:
        _complete_item(books, document, line)
    units.measure(books, line, table=document.kind.lines)
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
    item = _item(books, table, number, line.get("ItemCode"))
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
    line.setdefault("TreeType", item["TreeType"])
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


def _item(books: Books, table: str, number: int, code: Any) -> Row:
    if not code:
        raise missing_item(number)
    item = books.master("OITM", code)
    if item is None:
        raise unknown_item(table, number, code)
    if item["frozenFor"] == "Y" or item["validFor"] == "N":
        raise inactive_item(table, number, code)
    return item


def _tax_of(books: Books, document: Document, line: Row) -> Tax:
    """Find the tax of a row: its own, the partner's, the item's, the company's (order: a guess)."""
    number = line["LineNum"] + 1
    item = books.master("OITM", line.get("ItemCode")) or {}
    partner = books.master("OCRD", document.header["CardCode"]) or {}
    buys = document.kind.is_purchase
    if _uses_tax_code(books, line):
        code = line.get("TaxCode") or item.get("TaxCodeAR") or books.settings.default_tax_code
        line["TaxCode"] = code
        return tax.sales_tax_code(books, code, f"{document.kind.lines}.TaxCode", number)
    own = item.get("VatGroupPu" if buys else "VatGourpSa")
    line["VatGroup"] = code = (
        line.get("VatGroup") or partner.get("ECVatGroup") or own or _usual_group(books, buys=buys)
    )
    field, day = f"{document.kind.lines}.VatGroup", document.header["TaxDate"]
    return tax.vat_group(books, code, day, field, number, category="I" if buys else "O")


def _usual_group(books: Books, *, buys: bool) -> str:
    return books.settings.default_input_tax_group if buys else books.settings.default_tax_group


def _uses_tax_code(books: Books, row: Row) -> bool:
    return bool(row.get("TaxCode")) or (books.settings.sales_tax and not row.get("VatGroup"))


def add_expenses(books: Books, document: Document, sent: list[Intake]) -> None:
    """Complete the freight rows; their amounts follow with the totals."""
    table = document.kind.expenses
    for position, intake in enumerate(sent):
        row = {c: v for c, v in intake.columns.items() if v is not None}
        row |= {"LineNum": position, "Status": "O", "Extra": intake.extra}
        freight = books.master("OEXD", row.get("ExpnsCode"))
        if freight is None:
            raise unknown_expense(table, position + 1, row.get("ExpnsCode"))
        row.setdefault("DistrbMthd", freight["DistrbMthd"])
        document.expenses.append(row)
        document.freight_taxes.append(_freight_tax(books, document, row, freight))


def _freight_tax(books: Books, document: Document, row: Row, freight: Row) -> Tax:
    number, table = row["LineNum"] + 1, document.kind.expenses
    if _uses_tax_code(books, row):
        row.setdefault("TaxCode", books.settings.default_tax_code)
        return tax.sales_tax_code(books, row["TaxCode"], f"{table}.TaxCode", number)
    buys, day = document.kind.is_purchase, document.header["TaxDate"]
    usual = freight["VatGroupI" if buys else "VatGroupO"] or _usual_group(books, buys=buys)
    row.setdefault("VatGroup", usual)
    field, category = f"{table}.VatGroup", "I" if buys else "O"
    return tax.vat_group(books, row["VatGroup"], day, field, number, category=category)
