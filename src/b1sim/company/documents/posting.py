"""Posting a document: complete it, add it up, then move stock, bases, ledger and partner.

What must be sent, what follows from it and what refuses: sap-service-layer.md 9.1 to 9.4, 9.9.
"""

from dataclasses import replace

from b1sim.company.approvals import procedures, requests
from b1sim.company.books import Books, Row
from b1sim.company.document import Document, write
from b1sim.company.documents import (
    booking,
    crediting,
    drawing,
    headers,
    installments,
    stocking,
    totals,
)
from b1sim.company.documents.bases import Bases, first_base
from b1sim.company.documents.freight import add_expenses
from b1sim.company.documents.lines import add_lines
from b1sim.company.documents.refusals import invalid_type
from b1sim.company.documents.remaining import exposure, move_exposure
from b1sim.company.kinds import BY_TYPE, DRAFT, Kind
from b1sim.company.refusals import Diverted
from b1sim.company.rules import branches, credit, references
from b1sim.company.shape.intake import Intake
from b1sim.company.stock import placing


def post(books: Books, kind: Kind, intake: Intake, *, approved: bool = False) -> Document:
    """Post one document; Diverted when an approval rule turned it into a draft."""
    document, bases = draw_up(books, kind, intake)
    procedure = None if approved else procedures.find(books, document)
    if procedure is not None:
        draft = file_draft(books, document, pending=True)
        requests.ask(books, draft, procedure)
        raise Diverted(books.settings.approval_status, draft.entry)
    headers.number(books, kind, document.header)
    placing.point_rows(document)
    stocking.move(books, document, bases)
    booking.book(books, document)
    drawing.keep(books, document)
    write(books, document)
    bases.draw()
    crediting.settle_at_once(books, document, bases)
    move_exposure(books, document, exposure(document))
    credit.check(books, document)
    return document


def draw_up(
    books: Books, kind: Kind, intake: Intake, numbers: list[int] | None = None
) -> tuple[Document, Bases]:
    """Complete and add up a document without posting it; `numbers` keeps those of old rows."""
    references.check(books, kind.header, intake)
    rows = intake.rows.get("DocumentLines", [])
    first = first_base(books, kind, rows)
    document = Document(kind, headers.header_of(books, kind, intake, first))
    bases = Bases(books, document, first)
    add_lines(books, document, rows, bases, numbers)
    branches.check_warehouses(books, kind.lines, document.header, document.lines)
    add_expenses(books, document, intake.rows.get("DocumentAdditionalExpenses", []), first)
    totals.total(books, document)
    if "DownPaymentsToDraw" in intake.rows:
        drawing.draw(books, document, intake.rows["DownPaymentsToDraw"])
    installments.split(books, document, intake.rows.get("DocumentInstallments", []))
    document.references = _references(intake)
    for line in document.lines:
        line["OpenSum"] = line["LineTotal"]
    if kind.is_paid:
        document.header["InvntSttus"] = "O" if document.reserved else "C"
    return document, bases


def save_draft(books: Books, intake: Intake) -> Document:
    """Keep a document as a draft, as POST Drafts does; DocObjectCode says of which kind."""
    kind = BY_TYPE.get(int(intake.columns.get("ObjType") or 0))
    if kind is None or kind is DRAFT:
        raise invalid_type(intake.columns.get("ObjType"))
    document, _ = draw_up(books, kind, intake)
    return file_draft(books, document, pending=False)


def file_draft(books: Books, document: Document, *, pending: bool) -> Document:
    """Write a document to Drafts: no stock, no ledger, a number that may change later."""
    header = document.header
    header["DocEntry"] = books.next_number(DRAFT.header)
    header["DocNum"] = header["DocEntry"]
    header["WddStatus"] = "W" if pending else "-"
    draft = replace(document, kind=DRAFT)
    placing.point_rows(draft)
    write(books, draft)
    return draft


def _references(intake: Intake) -> list[Row]:
    rows = intake.rows.get("DocumentReferences", [])
    return [row.columns | {"LineNum": n, "Extra": row.extra} for n, row in enumerate(rows)]
