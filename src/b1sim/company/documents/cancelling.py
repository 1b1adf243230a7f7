"""Closing and cancelling: promises are given back, posted documents get a mirror document.

What is only paper (quotation, order, return request) is cancelled as it is while nothing was drawn
from it; what stands in the ledger gets a mirror, the original csYes and the mirror csCancellation
(sap-service-layer.md 9.3).
"""

from dataclasses import replace

from b1sim.company.books import Books, Row
from b1sim.company.document import Document, load, touch, write
from b1sim.company.documents import booking, crediting, drawing, headers, stocking
from b1sim.company.documents.remaining import (
    exposure,
    give_back,
    keep_rows,
    move_exposure,
    settle,
)
from b1sim.company.kinds import BY_TYPE, Kind
from b1sim.company.ledger import ledger
from b1sim.company.refusals import (
    action_not_supported,
    already_closed,
    has_targets,
    not_found,
)
from b1sim.company.rules import periods
from b1sim.company.stock import placing, stock


def act(books: Books, kind: Kind, entry: int, action: str) -> Row | None:
    """Run a bound action; CreateCancellationDocument answers with the key of what it made."""
    if action in ("Close", "Reopen"):
        change = close if action == "Close" else reopen
        change(books, kind, entry)
        return None
    mirror = cancel(books, kind, entry)
    if mirror is None or action != "CreateCancellationDocument":
        return None
    return {"DocEntry": mirror.entry}


def close(books: Books, kind: Kind, entry: int) -> None:
    """Close by hand: nothing more will be drawn from it; what money closes cannot (guess)."""
    document = _uncancelled(books, kind, entry)
    if kind.is_paid:
        raise action_not_supported()
    if document.header["DocStatus"] != "O":
        raise already_closed()
    _end(books, document)


def reopen(books: Books, kind: Kind, entry: int) -> None:
    """Open what was closed before all was drawn; what is cancelled stays so (guess)."""
    document = _uncancelled(books, kind, entry)
    left = [line for line in document.lines if line["OpenQty"]]
    if kind.is_paid or document.header["DocStatus"] != "C" or not left:
        raise action_not_supported()
    for line in left:
        line["LineStatus"] = "O"
    document.header["DocStatus"] = "O"
    keep_rows(books, document)
    promised = stocking.open_promises(books, document)
    again = [replace(p, committed=-p.committed, ordered=-p.ordered) for p in promised]
    stock.move(books, kind.lines, again)
    touch(books, kind, entry, DocStatus="O", InvntSttus="O")
    move_exposure(books, document, exposure(document))


def cancel(books: Books, kind: Kind, entry: int) -> Document | None:
    """Cancel a document; one that stands in the ledger gets a mirror, which is returned."""
    document = _uncancelled(books, kind, entry)
    if any(_is_drawn_on(line) for line in document.lines):
        raise has_targets()
    if not kind.is_paid and document.header["DocStatus"] != "O":
        raise already_closed()
    if kind.is_paid and document.header["PaidToDate"] != crediting.set_off(books, document):
        raise has_targets()
    if document.header.get("DpmAppl"):
        raise has_targets()
    if kind.books == "nothing":
        _end(books, document, CANCELED="Y", CancelDate=books.today())
        _reopen_bases(books, document)
        return None
    return _mirror(books, document)


def _is_drawn_on(line: Row) -> bool:
    """Tell whether a row has a target; one that was cancelled may hide an earlier one."""
    untouched = (None, line["Quantity"])
    drawn = line["OpenQty"] not in untouched or line["OpenCreQty"] not in untouched
    return drawn or line["TrgetEntry"] is not None


def _uncancelled(books: Books, kind: Kind, entry: int) -> Document:
    document = load(books, kind, entry)
    if document is None:
        raise not_found()
    if document.header["CANCELED"] != "N":
        raise already_closed()
    return document


def _end(books: Books, document: Document, **changes: str) -> None:
    before = exposure(document)
    stock.move(books, document.kind.lines, stocking.open_promises(books, document))
    sql = f"UPDATE {document.kind.lines} SET LineStatus = 'C' WHERE DocEntry = ?"  # noqa: S608 - own table
    books.db.execute(sql, (document.entry,))
    touch(books, document.kind, document.entry, DocStatus="C", InvntSttus="C", **changes)
    move_exposure(books, document, -before)


def _mirror(books: Books, original: Document) -> Document:
    """Post the mirror on the original's dates (guess: SAP's screen proposes them)."""
    header = original.header
    periods.check(books, original.kind.header, DocDate=header["DocDate"])
    mirror = _mirrored(books, original)
    crediting.undo(books, original)
    drawing.keep(books, original, sign=-1)
    stocking.take_back(books, original)
    _reopen_bases(books, original)
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
    row_expenses = [row | {"DocEntry": header["DocEntry"]} for row in original.row_expenses]
    mirror = Document(original.kind, header, lines, expenses, row_expenses)
    placing.mirror(original, mirror)
    return mirror


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
            _give_back(books, document.kind, base, lines)


def _give_back(books: Books, kind: Kind, base: Document, lines: list[Row]) -> None:
    before = exposure(base)
    rows = {row["LineNum"]: row for row in base.lines}
    movements = []
    for line in lines:
        row = rows[line["BaseLine"] or 0]
        freed = give_back(kind, base, row, line)
        row |= {"TargetType": None, "TrgetEntry": None}
        if base.promises and freed and stock.is_stocked(books, row):
            movements.append(stocking.promise(base, row, freed))
    keep_rows(books, base)
    stock.move(books, base.kind.lines, movements)
    settle(books, base, before)
