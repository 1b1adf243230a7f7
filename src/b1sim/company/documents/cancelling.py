"""Closing and cancelling: orders give back their promises, posted documents get a mirror."""

from b1sim.company.books import Books, Row
from b1sim.company.document import BY_TYPE, ORDER, Document, Kind, load, touch, write
from b1sim.company.documents import booking, headers
from b1sim.company.documents.bases import exposure, move_exposure, settle
from b1sim.company.documents.posting import moved_lines, open_promises
from b1sim.company.ledger import ledger
from b1sim.company.refusals import already_closed, has_targets, not_found
from b1sim.company.rules import periods
from b1sim.company.stock import batches, stock, units
from b1sim.company.stock.stock import Movement


def close(books: Books, kind: Kind, entry: int) -> None:
    """Close an order or a delivery by hand: nothing more will be drawn from it."""
    _end(books, _open_document(books, kind, entry))


def cancel(books: Books, kind: Kind, entry: int) -> Document | None:
    """Cancel a document; delivery and invoice get a mirror document, which is returned."""
    document = _open_document(books, kind, entry)
    if _is_drawn_on(document) or document.header["PaidToDate"]:
        raise has_targets()
    if kind is ORDER:
        _end(books, document, CANCELED="Y", CancelDate=books.today())
        return None
    return _mirror(books, document)


def _open_document(books: Books, kind: Kind, entry: int) -> Document:
    document = load(books, kind, entry)
    if document is None:
        raise not_found()
    if document.header["DocStatus"] != "O" or document.header["CANCELED"] != "N":
        raise already_closed()
    return document


def _is_drawn_on(document: Document) -> bool:
    return any(line["TrgetEntry"] is not None for line in document.lines)


def _end(books: Books, document: Document, **changes: str) -> None:
    before = exposure(document)
    stock.move(books, document.kind.lines, open_promises(books, document))
    sql = f"UPDATE {document.kind.lines} SET LineStatus = 'C' WHERE DocEntry = ?"  # noqa: S608 - own table
    books.db.execute(sql, (document.entry,))
    touch(books, document.kind, document.entry, DocStatus="C", InvntSttus="C", **changes)
    move_exposure(books, document, -before)


def _mirror(books: Books, original: Document) -> Document:
    """Post the mirror on the original's dates (guess: SAP's screen proposes them)."""
    header = original.header
    periods.check(books, original.kind.header, DocDate=header["DocDate"])
    mirror = _mirrored(books, original)
    issued = moved_lines(books, original)
    returned = [
        Movement(line["ItemCode"], line["WhsCode"], on_hand=line["InvQty"]) for line in issued
    ]
    batches.put_back(books, original)
    _reopen_bases(books, original)
    stock.move(books, original.kind.lines, returned)
    _end(books, original, CANCELED="Y", CancelDate=books.today())
    if header["TransId"] is not None:
        mirror.header["TransId"] = ledger.reverse(
            books, header["TransId"], booking.cause_of(mirror)
        )
    write(books, mirror)
    return mirror


def _mirrored(books: Books, original: Document) -> Document:
    header = original.header | headers.stamps(books)
    header |= {"CANCELED": "C", "DocStatus": "C", "InvntSttus": "C", "DataVers": 1}
    headers.number(books, original.kind, header)
    lines = [_mirrored_line(original, line, header["DocEntry"]) for line in original.lines]
    expenses = [row | {"DocEntry": header["DocEntry"]} for row in original.expenses]
    return Document(original.kind, header, lines, expenses)


def _mirrored_line(original: Document, line: Row, entry: int) -> Row:
    base = {"BaseType": original.kind.type, "BaseEntry": original.entry}
    base["BaseLine"] = line["LineNum"]
    return line | base | {"DocEntry": entry, "LineStatus": "C"}


def _reopen_bases(books: Books, document: Document) -> None:
    """Give back to the base rows what the cancelled document had drawn."""
    drawn: dict[tuple[int, int], list[Row]] = {}
    for line in document.lines:
        if line["BaseEntry"] is not None and line["BaseType"] in BY_TYPE:
            drawn.setdefault((line["BaseType"], line["BaseEntry"]), []).append(line)
    for (base_type, entry), lines in drawn.items():
        base = load(books, BY_TYPE[base_type], entry)
        if base is not None and base.header["CANCELED"] == "N":
            _give_back(books, base, lines)


def _give_back(books: Books, base: Document, lines: list[Row]) -> None:
    before = exposure(base)
    rows = {row["LineNum"]: row for row in base.lines}
    promises = base.kind is ORDER or base.reserved
    movements = []
    for line in lines:
        row = rows[line["BaseLine"] or 0]
        freed = min(line["Quantity"], row["Quantity"] - row["OpenQty"])
        row["OpenQty"] += freed
        row["LineStatus"] = "O"
        if promises and stock.is_stocked(books, row):
            movements.append(stock.commit(row, freed))
        sql = f"""UPDATE {base.kind.lines} SET OpenQty = ?, OpenInvQty = ?, LineStatus = 'O',
            TargetType = NULL, TrgetEntry = NULL WHERE DocEntry = ? AND LineNum = ?"""  # noqa: S608 - own table
        opened = (float(row["OpenQty"]), float(units.in_base(row, row["OpenQty"])))
        books.db.execute(sql, (*opened, base.entry, row["LineNum"]))
    stock.move(books, base.kind.lines, movements)
    settle(books, base, before)
