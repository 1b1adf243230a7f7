"""What the rows of a document do to stock: promises given and kept, goods out and goods back.

An order and a reserve invoice promise; deliveries and invoices take out, returns and credit notes
bring back at the cost that the goods left at. Goods that moved with the base document do not move
again: an invoice of a delivery, a credit note of a return (sap-service-layer.md 9.2).
"""

from collections.abc import Iterator
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.documents.bases import Bases
from b1sim.company.kinds import CREDIT_NOTE
from b1sim.company.shape.values import rounded
from b1sim.company.stock import placing, stock, units
from b1sim.company.stock.costs import average
from b1sim.company.stock.stock import Movement
from b1sim.company.stock.ways import IN, OUT

ZERO = Decimal(0)
Base = tuple[Document, Row] | None


def move(books: Books, document: Document, bases: Bases) -> None:
    """Move everything at once, and note on each row what it moved."""
    movements = list(_movements(books, document, bases))
    moved = [line for line in document.lines if line["MovedQty"]]
    if document.moves > 0:
        _weigh_in(books, document, moved)
    placing.place(books, document, moved, IN if document.moves > 0 else OUT)
    stock.move(books, document.kind.lines, movements)


def _movements(books: Books, document: Document, bases: Bases) -> Iterator[Movement]:
    for line in document.lines:
        base = bases.of(line)
        line["MovedQty"] = ZERO
        kept = _kept_promise(books, document, base, line)
        if base is not None and kept:
            yield promise(base[0], base[1], -kept)
        if not stock.is_stocked(books, line) or _moved_before(document, base):
            continue
        if document.promises:
            yield promise(document, line, line["OpenQty"])
        elif document.moves:
            stayed = kept if document.kind is CREDIT_NOTE else ZERO
            line["MovedQty"] = document.moves * units.in_base(line, line["Quantity"] - stayed)
            yield stock.issue(line, -line["MovedQty"])


def _kept_promise(books: Books, document: Document, base: Base, line: Row) -> Decimal:
    """Return how much of the base row's promise the row makes true.

    A credit note of a reserve invoice first takes back what was not delivered (guess).
    """
    if base is None or not document.kind.consumes or not base[0].promises:
        return ZERO
    if not stock.is_stocked(books, base[1]):
        return ZERO
    return Decimal(min(line["Quantity"], base[1]["OpenQty"]))


def _moved_before(document: Document, base: Base) -> bool:
    return base is not None and bool(base[0].moves) and base[0].moves == document.kind.moves


def _weigh_in(books: Books, document: Document, moved: list[Row]) -> None:
    """Let what comes in weigh in the moving average; bought goods cost what their row says."""
    for line in moved:
        if document.kind.is_purchase:
            line["StockPrice"] = rounded(line["LineTotal"] / line["InvQty"], 6)
        average(books, line["ItemCode"], line["MovedQty"], line["StockPrice"])


def take_back(books: Books, original: Document) -> None:
    """Undo what a cancelled document moved; Refusal when its goods are gone since."""
    placing.put_back(books, original)
    for line in original.lines:
        if line["MovedQty"]:
            average(books, line["ItemCode"], -line["MovedQty"], line["StockPrice"])
    undone = [stock.issue(line, line["MovedQty"]) for line in original.lines if line["MovedQty"]]
    stock.move(books, original.kind.lines, undone)


def promise(document: Document, line: Row, quantity: Decimal) -> Movement:
    """Promise goods to a customer, or expect them from a supplier."""
    by = stock.order if document.kind.promises == "ordered" else stock.commit
    return by(line, quantity)


def open_promises(books: Books, document: Document) -> list[Movement]:
    """Return the movements that take back what an order or reserve invoice still promises."""
    if not document.promises:
        return []
    return [
        promise(document, line, -line["OpenQty"])
        for line in document.lines
        if line["LineStatus"] == "O" and line["OpenQty"] and stock.is_stocked(books, line)
    ]
