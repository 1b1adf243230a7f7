"""Posting a sales document: complete it, add it up, then move stock, batches, bases and ledger."""

from b1sim.company.books import Books, Row
from b1sim.company.document import (
    BY_TYPE,
    DELIVERY,
    DRAFT,
    INVOICE,
    ORDER,
    Document,
    Kind,
    write,
)
from b1sim.company.documents import booking, headers, totals
from b1sim.company.documents.bases import Bases, exposure, move_exposure
from b1sim.company.documents.lines import add_expenses, add_lines
from b1sim.company.refusals import Diverted, refused
from b1sim.company.rules import approvals
from b1sim.company.shape.intake import Intake
from b1sim.company.stock import batches, stock
from b1sim.company.stock.stock import Movement


def post(books: Books, kind: Kind, intake: Intake, *, approved: bool = False) -> Document:
    """Post one document; Diverted when an approval rule turned it into a draft."""
    document, bases = draw_up(books, kind, intake)
    if not approved and approvals.applies(books, document):
        draft = file_draft(books, document, pending=True)
        raise Diverted(books.settings.approval_status, draft.entry)
    headers.number(books, kind, document.header)
    _point_rows(document, kind)
    movements, issued = _movements(books, document, bases)
    batches.allocate(books, document, issued)
    stock.move(books, kind.lines, movements)
    _book(books, document, issued)
    write(books, document)
    bases.draw()
    move_exposure(books, document, exposure(document))
    return document


def draw_up(books: Books, kind: Kind, intake: Intake) -> tuple[Document, Bases]:
    """Complete and add up a document without posting it."""
    document = Document(kind, headers.header_of(books, kind, intake))
    bases = Bases(books, document)
    add_lines(books, document, intake.rows.get("DocumentLines", []), bases)
    add_expenses(books, document, intake.rows.get("DocumentAdditionalExpenses", []))
    totals.total(books, document)
    for line in document.lines:
        line["OpenSum"] = line["LineTotal"]
    if document.reserved:
        document.header["InvntSttus"] = "O"
    return document, bases


def save_draft(books: Books, intake: Intake) -> Document:
    """Keep a document as a draft, as POST Drafts does; DocObjectCode says of which kind."""
    kind = BY_TYPE.get(int(intake.columns.get("ObjType") or 0))
    if kind is None or kind is DRAFT:
        message = f"Invalid document type  [ODRF.ObjType] , '{intake.columns.get('ObjType')}'"
        raise refused(-5002, message)
    document, _ = draw_up(books, kind, intake)
    return file_draft(books, document, pending=False)


def file_draft(books: Books, document: Document, *, pending: bool) -> Document:
    """Write a document to Drafts: no stock, no ledger, a number that may change later."""
    header = document.header
    header["DocEntry"] = books.next_number(DRAFT.header)
    header["DocNum"] = header["DocEntry"]
    header["WddStatus"] = "W" if pending else "-"
    draft = Document(
        kind=DRAFT,
        header=header,
        lines=document.lines,
        expenses=document.expenses,
        batches=document.batches,
        serials=document.serials,
    )
    _point_rows(draft, DRAFT)
    write(books, draft)
    return draft


def _point_rows(document: Document, kind: Kind) -> None:
    for row in (*document.lines, *document.expenses):
        row["DocEntry"] = document.entry
    for row in (*document.batches, *document.serials):
        row["BaseEntry"] = document.entry
        row["BaseType"] = kind.type


def _movements(books: Books, document: Document, bases: Bases) -> tuple[list[Movement], list[Row]]:
    """Return what moves, and the rows that take goods out."""
    movements: list[Movement] = []
    issued: list[Row] = []
    promises = document.kind is ORDER or document.reserved
    for line in document.lines:
        if not stock.is_stocked(books, line):
            continue
        base = bases.of(line)
        if base is not None and base[0].kind is DELIVERY:
            continue
        if base is not None:
            freed = min(line["Quantity"], base[1]["OpenQty"])
            movements.append(stock.commit(base[1], -freed))
        if promises:
            movements.append(stock.commit(line, line["Quantity"]))
        else:
            movements.append(stock.issue(line, line["InvQty"]))
            issued.append(line)
    return movements, issued


def _book(books: Books, document: Document, issued: list[Row]) -> None:
    if document.kind is INVOICE:
        if not document.reserved:
            document.header["InvntSttus"] = "C"
        document.header["TransId"] = booking.invoice(books, document, issued)
    elif document.kind is DELIVERY:
        document.header["TransId"] = booking.delivery(books, document, issued)


def moved_lines(books: Books, document: Document) -> list[Row]:
    """Return the rows of a posted document that took goods out of stock."""
    if document.reserved or document.kind not in (INVOICE, DELIVERY):
        return []
    return [
        line
        for line in document.lines
        if line["BaseType"] != DELIVERY.type and stock.is_stocked(books, line)
    ]


def open_promises(books: Books, document: Document) -> list[Movement]:
    """Return the movements that take back what an order or reserve invoice still promises."""
    if document.kind is not ORDER and not document.reserved:
        return []
    return [
        stock.commit(line, -line["OpenQty"])
        for line in document.lines
        if line["LineStatus"] == "O" and line["OpenQty"] and stock.is_stocked(books, line)
    ]
