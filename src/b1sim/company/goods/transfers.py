"""Inventory transfers (67): goods change their warehouse, or their bin, and keep their cost.

Header and rows name both warehouses; a row without one takes the header's. A transfer may be drawn
from a transfer request (sap-service-layer.md 14, InvBaseDocTypeEnum).
"""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document, load, write
from b1sim.company.documents import booking, headers
from b1sim.company.goods import requests
from b1sim.company.goods.heading import heading
from b1sim.company.goods.kinds import REQUEST, TRANSFER
from b1sim.company.goods.rows import add_row, check_warehouse, sent_rows
from b1sim.company.kinds import Kind
from b1sim.company.ledger import ledger
from b1sim.company.ledger.ledger import Side
from b1sim.company.refusals import already_closed, not_found
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import rounded
from b1sim.company.stock import placing, stock
from b1sim.company.stock.refusals import same_warehouse
from b1sim.company.stock.stock import Movement
from b1sim.company.stock.ways import IN, OUT

ZERO = Decimal(0)


def draw_up(books: Books, kind: Kind, intake: Intake) -> Document:
    """Complete a transfer or a request without posting it."""
    document = Document(kind, heading(books, kind, intake))
    for number, sent in enumerate(sent_rows(document, intake, "StockTransferLines")):
        requests.fill(books, document, number, sent)
        _complete(books, document, add_row(books, document, number, sent))
    first = document.lines[0]
    document.header.setdefault("Filler", first["FromWhsCod"])
    document.header.setdefault("ToWhsCode", first["WhsCode"])
    return document


def _complete(books: Books, document: Document, line: Row) -> None:
    table, number, header = document.kind.lines, line["LineNum"] + 1, document.header
    item = books.master("OITM", line["ItemCode"]) or {}
    usual = item["DfltWH"] or books.settings.default_warehouse
    line.setdefault("FromWhsCod", header.get("Filler") or usual)
    line.setdefault("WhsCode", header.get("ToWhsCode"))
    for warehouse in (line["FromWhsCod"], line["WhsCode"]):
        check_warehouse(books, table, number, warehouse)
    same = line["FromWhsCod"] == line["WhsCode"]
    if same and (books.master("OWHS", line["WhsCode"]) or {})["BinActivat"] != "Y":
        raise same_warehouse(table, number)
    line |= {"Currency": books.settings.local_currency, "Rate": Decimal(1), "DiscPrcnt": ZERO}
    line.setdefault("PriceBefDi", rounded(line["StockPrice"], books.settings.price_decimals))
    line.setdefault("Price", line["PriceBefDi"])
    line["LineTotal"] = rounded(line["StockPrice"] * line["InvQty"])


def post(books: Books, intake: Intake) -> Document:
    """Post a transfer."""
    document = draw_up(books, TRANSFER, intake)
    _keep(books, document)
    requests.draw(books, document)
    return document


def ask(books: Books, intake: Intake) -> Document:
    """Post a transfer request: it promises what it asks for (guess: committed, not ordered)."""
    document = draw_up(books, REQUEST, intake)
    headers.number(books, REQUEST, document.header)
    placing.point_rows(document)
    stock.move(books, REQUEST.lines, requests.promised(document.lines, 1))
    write(books, document)
    return document


def _keep(books: Books, document: Document) -> None:
    headers.number(books, TRANSFER, document.header)
    placing.point_rows(document)
    document.header["DocStatus"] = "O"
    leaving = [line | {"WhsCode": line["FromWhsCod"]} for line in document.lines]
    placing.place(books, document, leaving, OUT)
    placing.place(books, document, document.lines, IN)
    goods = [_movement(row, -1) for row in leaving]
    goods += [_movement(line, 1) for line in document.lines]
    stock.move(books, TRANSFER.lines, goods)
    worth = sum((line["LineTotal"] for line in document.lines), ZERO)
    sides = [Side(books.settings.stock, worth), Side(books.settings.stock, -worth)]
    document.header["TransId"] = ledger.post(books, booking.cause_of(document), sides)
    write(books, document)


def _movement(row: Row, sign: int) -> Movement:
    quantity, number = sign * row["InvQty"], row["LineNum"] + 1
    return Movement(row["ItemCode"], row["WhsCode"], on_hand=quantity, row=number)


def cancel(books: Books, entry: int) -> None:
    """Cancel a transfer by one that brings everything back; its requests stay drawn (guess)."""
    original = load(books, TRANSFER, entry)
    if original is None:
        raise not_found()
    if original.header["CANCELED"] != "N":
        raise already_closed()
    mirror = _turned(books, original)
    _keep(books, mirror)
    for document, sign in ((original, "Y"), (mirror, "C")):
        changes = {"CANCELED": sign, "DocStatus": "C", "UpdateDate": books.today()}
        books.update(TRANSFER.header, {"DocEntry": document.entry}, changes)


def close(books: Books, entry: int) -> None:
    """Close a transfer, which moves nothing; it can still be cancelled (guess: both)."""
    document = load(books, TRANSFER, entry)
    if document is None:
        raise not_found()
    if document.header["DocStatus"] != "O":
        raise already_closed()
    books.update(TRANSFER.lines, {"DocEntry": entry}, {"LineStatus": "C"})
    changes = {"DocStatus": "C", "UpdateDate": books.today()}
    books.update(TRANSFER.header, {"DocEntry": entry}, changes)


def _turned(books: Books, original: Document) -> Document:
    """Swap the warehouses of header and rows, and the bins with them."""
    header = original.header | headers.stamps(books)
    header |= {"Filler": header["ToWhsCode"], "ToWhsCode": header["Filler"], "Series": None}
    header["DocRate"] = Decimal(1)  # a transfer is in local currency and has no column for it
    lines = [
        line
        | {"WhsCode": line["FromWhsCod"], "FromWhsCod": line["WhsCode"]}
        | {"BaseType": TRANSFER.type, "BaseEntry": original.entry, "BaseLine": line["LineNum"]}
        for line in original.lines
    ]
    turned = {IN.bin_action: OUT.bin_action, OUT.bin_action: IN.bin_action}
    bins = [row | {"BinActTyp": turned[row["BinActTyp"]]} for row in original.bins]
    return Document(
        original.kind,
        header,
        lines,
        batches=[dict(row) for row in original.batches],
        serials=[dict(row) for row in original.serials],
        bins=bins,
    )
