"""Settling documents with one another, without money: SAP's internal reconciliation (OITR, ITR1).

A credit note drawn from an open invoice is set off against it at once, as far as that is still
open; the rest of the credit note stays open (guess: 9.2 only says that a closed invoice cannot be
credited). Documents over 0.00 have nothing to wait for and close (guess).
"""

from collections.abc import Iterable
from decimal import Decimal

from b1sim.company import settling
from b1sim.company.books import Books, Row
from b1sim.company.document import Document, load
from b1sim.company.documents import drawing
from b1sim.company.documents.bases import Bases
from b1sim.company.kinds import BY_TYPE, CREDIT_NOTE, DOWN_PAYMENT, PREPAID
from b1sim.company.shape.values import amount, rounded

ZERO = Decimal(0)


def settle_at_once(books: Books, document: Document, bases: Bases) -> None:
    """Set a posted document off against its bases; close it when nothing is left of it."""
    if not document.is_booked:
        return
    for base in bases.all():
        if base.is_booked and base.kind.sign != document.kind.sign:
            _set_off(books, document, base)
        if base.kind is DOWN_PAYMENT and document.kind is CREDIT_NOTE:
            drawing.move(books, base.entry, document.header["DocTotal"])
    if not document.header["DocTotal"]:
        settling.settle(books, document.kind, document.header, ZERO)


def _set_off(books: Books, document: Document, base: Document) -> None:
    left, left_foreign = settling.left(document.header)
    open_local, open_foreign = settling.left(base.header)
    local, foreign = min(left, open_local), ZERO
    if document.foreign and base.foreign:
        foreign = min(left_foreign, open_foreign)
        whole = foreign == open_foreign
        local = open_local if whole else rounded(foreign * base.header["DocRate"])
        local = min(local, left)  # the home amounts of two documents may differ by a cent
    if local <= 0:
        return
    parts = [(document, local, foreign), (base, local, foreign)]
    for part, of_local, of_foreign in parts:
        settling.settle(books, part.kind, part.header, of_local, of_foreign)
    _keep(books, document.header, parts)


def _keep(books: Books, header: Row, parts: Iterable[tuple[Document, Decimal, Decimal]]) -> None:
    number = books.next_number("OITR")
    day, total = header["DocDate"], ZERO
    for position, (part, local, foreign) in enumerate(parts):
        total = local
        row = (number, position, header["CardCode"], str(part.kind.type), part.entry)
        figures = (float(local), float(foreign), "C" if part.kind.sign < 0 else "D")
        books.db.execute("INSERT INTO ITR1 VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, *figures))
    books.db.execute("INSERT INTO OITR VALUES (?, ?, ?, 'N')", (number, day, float(total)))


def undo(books: Books, document: Document) -> None:
    """Open again what a cancelled document was set off against."""
    credited = {row["BaseEntry"] for row in document.lines if row["BaseType"] == PREPAID}
    for entry in credited if document.kind is CREDIT_NOTE else ():
        drawing.move(books, entry, -document.header["DocTotal"])
    sql = """SELECT ReconNum FROM ITR1 JOIN OITR USING (ReconNum)
        WHERE SrcObjTyp = ? AND SrcObjAbs = ? AND Canceled = 'N'"""
    for found in books.rows(sql, (str(document.kind.type), document.entry)):
        rows = books.rows("SELECT * FROM ITR1 WHERE ReconNum = ?", (found["ReconNum"],))
        for row in rows:
            kind = BY_TYPE[int(row["SrcObjTyp"])]
            part = load(books, kind, row["SrcObjAbs"])
            if part is not None:
                local, foreign = amount(row["ReconSum"]), amount(row["ReconSumFC"])
                settling.settle(books, kind, part.header, -local, -foreign)
        books.update("OITR", {"ReconNum": found["ReconNum"]}, {"Canceled": "Y"})


def set_off(books: Books, document: Document) -> Decimal:
    """Return how much of a document was set off against others."""
    sql = """SELECT SUM(ReconSum) FROM ITR1 JOIN OITR USING (ReconNum)
        WHERE SrcObjTyp = ? AND SrcObjAbs = ? AND Canceled = 'N'"""
    return books.figure(sql, (str(document.kind.type), document.entry))
