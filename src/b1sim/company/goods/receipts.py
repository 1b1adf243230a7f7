"""Goods receipts (59) and goods issues (60): stock, cost and ledger without a partner.

A receipt comes in at its row's price, or at the item's average cost when it names none (guess:
SAP asks the price list of the header); an issue goes out at average cost. The other side of the
entry is the row's account, else the company's offset account.
"""

from collections.abc import Sequence
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document, write
from b1sim.company.documents import booking, headers
from b1sim.company.goods.heading import heading
from b1sim.company.goods.kinds import RECEIPT
from b1sim.company.goods.rows import add_row, check_warehouse, sent_rows
from b1sim.company.kinds import Kind
from b1sim.company.ledger import ledger
from b1sim.company.ledger.ledger import Side
from b1sim.company.refusals import not_simulated, unknown_account
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import rounded
from b1sim.company.stock import costs, placing, stock
from b1sim.company.stock.ways import IN, OUT

ZERO = Decimal(0)


def post(books: Books, kind: Kind, intake: Intake) -> Document:
    """Post a receipt or an issue; Refusal -10 names the row that would take stock below zero."""
    if intake.rows.get("DocumentAdditionalExpenses"):
        what = f"freight of {kind.entity_set}"
        raise not_simulated(what)
    document = Document(kind, heading(books, kind, intake))
    for number, sent in enumerate(sent_rows(document, intake, "DocumentLines")):
        _complete(books, document, add_row(books, document, number, sent))
    _add_up(document)
    headers.number(books, kind, document.header)
    placing.point_rows(document)
    _move(books, document)
    document.header["TransId"] = ledger.post(
        books, booking.cause_of(document), _sides(books, document)
    )
    write(books, document)
    return document


def _complete(books: Books, document: Document, line: Row) -> None:
    table, number = document.kind.lines, line["LineNum"] + 1
    item = books.master("OITM", line["ItemCode"]) or {}
    line.setdefault("WhsCode", item["DfltWH"] or books.settings.default_warehouse)
    check_warehouse(books, table, number, line["WhsCode"])
    line.setdefault("AcctCode", books.settings.stock_offset)
    if books.master("OACT", line["AcctCode"]) is None:
        field = f"{table}.AcctCode"
        raise unknown_account(field, line["AcctCode"], number)
    _price(books, line, asked=document.kind is RECEIPT)
    line |= {"Currency": books.settings.local_currency, "Rate": Decimal(1), "DiscPrcnt": ZERO}
    line |= {"VatSum": ZERO, "VatPrcnt": ZERO, "GrossInput": "N", "ShipDate": None}


def _price(books: Books, line: Row, *, asked: bool) -> None:
    """Set price and total of a row, and with them the cost of one base unit."""
    cost = line["StockPrice"]
    price = line.get("PriceBefDi", line.get("Price")) if asked else None
    if price is None:
        price = rounded(cost * line["InvQty"] / line["Quantity"], books.settings.price_decimals)
    total = line.get("LineTotal") if asked else None
    if total is None:
        total = rounded(price * line["Quantity"], books.settings.amount_decimals)
    elif "PriceBefDi" not in line and "Price" not in line:
        price = rounded(total / line["Quantity"], books.settings.price_decimals)
    line |= {"Price": price, "PriceBefDi": price, "PriceAfVAT": price, "GPBefDisc": price}
    line |= {"LineTotal": total, "GTotal": total, "TotalSumSy": total, "OpenSum": total}
    line |= {"TotalFrgn": ZERO, "GTotalFC": ZERO}
    line["StockPrice"] = rounded(total / line["InvQty"], 6) if asked else cost


def _add_up(document: Document) -> None:
    total = sum((line["LineTotal"] for line in document.lines), ZERO)
    document.header |= {"DocTotal": total, "DocTotalSy": total}


def _move(books: Books, document: Document) -> None:
    way = IN if document.kind is RECEIPT else OUT
    placing.place(books, document, document.lines, way)
    if way is IN:
        for line in document.lines:
            costs.average(books, line["ItemCode"], line["InvQty"], line["StockPrice"])
    for line in document.lines:
        line["MovedQty"] = way.sign * line["InvQty"]
    goods = [stock.issue(line, -line["MovedQty"]) for line in document.lines]
    stock.move(books, document.kind.lines, goods)


def _sides(books: Books, document: Document) -> list[Side]:
    sign = document.kind.moves
    return [
        Side(books.settings.stock, sign * _worth(document.lines)),
        *(Side(line["AcctCode"], -sign * line["LineTotal"]) for line in document.lines),
    ]


def _worth(lines: Sequence[Row]) -> Decimal:
    return sum((line["LineTotal"] for line in lines), ZERO)
