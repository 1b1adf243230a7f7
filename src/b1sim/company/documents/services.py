"""Service operations of documents: previews, empty forms, drafts, cancelling with a date.

Names and parameters: sap-service-layer.md 5; only Orders has a Preview there.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from b1sim.company import shelves
from b1sim.company.books import Books, Row
from b1sim.company.document import write
from b1sim.company.documents import drafts, headers
from b1sim.company.documents.cancelling import cancel
from b1sim.company.documents.posting import draw_up
from b1sim.company.documents.refusals import missing_document
from b1sim.company.kinds import DRAFT, KINDS, ORDER, Kind
from b1sim.company.refusals import not_found
from b1sim.company.service import Bare, Service, Whole
from b1sim.company.shape.intake import Intake, take
from b1sim.company.shape.model import ENTITY_SETS, Property
from b1sim.company.shape.values import parse, reader
from b1sim.company.stock import placing

Sent = Mapping[str, Any]
_REFERENCE_DATE = Property("RefDate", "Edm.DateTime")


@contextmanager
def _rehearsal(books: Books) -> Iterator[None]:
    """Take back everything that happens inside."""
    books.db.execute("SAVEPOINT rehearsal")
    try:
        yield
    finally:
        books.db.execute("ROLLBACK TO rehearsal")
        books.db.execute("RELEASE rehearsal")
        books.forget()


def preview(books: Books, sent: Sent, *, kind: Kind) -> Whole:
    """Compute a document and keep nothing of it; its DocEntry is null.

    Stock, batches and approvals are not asked (guess).
    """
    with _rehearsal(books):
        entity = _written(books, kind, _document(books, kind, sent))
    rows = [row | {"DocEntry": None} for row in entity["DocumentLines"]]
    unnumbered = {"DocEntry": None, "DocNum": None, "DocumentLines": rows}
    return Whole(kind.entity_set, entity | unnumbered)


def _written(books: Books, kind: Kind, intake: Intake) -> Row:
    document, _ = draw_up(books, kind, intake)
    document.header |= {"DocEntry": -1, "DocNum": None, "TransId": None}
    placing.point_rows(document)
    write(books, document)
    return shelves.query(books, kind.entity_set, where='"DocEntry" = -1')[0]


def init_data(books: Books, sent: Sent, *, kind: Kind) -> Whole:  # noqa: ARG001 - asks nothing
    """Show what a new document has before anything is entered (guess: which properties)."""
    header = headers.blank(books, kind)
    entity: Row = {}
    for prop in ENTITY_SETS[kind.entity_set].properties.values():
        if prop.column:
            value, read = header.get(prop.column), reader(prop)
            entity[prop.name] = value if read is None or value is None else read(value)
    return Whole(kind.entity_set, entity | {"DocumentLines": []})


def save_draft_to_document(books: Books, sent: Sent) -> None:
    """Post an approved draft; the new document has a number of its own (9.9)."""
    intake = _document(books, DRAFT, sent)
    drafts.post(books, _entry(intake), intake)


def cancel_dated(books: Books, sent: Sent, *, kind: Kind) -> None:
    """Cancel as the bound action does; that the sent dates do not count is a guess."""
    entry = _entry(_document(books, kind, sent))
    cancel(books, kind, entry)
    books.note(kind.entity_set, "Cancelled", DocEntry=entry)


def due_date(books: Books, sent: Sent) -> Bare:
    """Tell when a partner has to pay what is dated a day; how the answer is spelt is a guess."""
    partner = books.master("OCRD", str(sent.get("CardCode")))
    if partner is None:
        raise not_found()
    day = parse(_REFERENCE_DATE, "SBOBobService", str(sent.get("RefDate")))
    return Bare(headers.due_date(books, partner["GroupNum"], day))


def _document(books: Books, kind: Kind, sent: Sent) -> Intake:
    payload = sent.get("Document")
    if not isinstance(payload, Mapping):
        raise missing_document()
    entry = payload.get("DocEntry")
    found = take(books.sets[kind.entity_set], payload)
    if entry is not None:
        found.columns["DocEntry"] = entry
    return found


def _entry(intake: Intake) -> int:
    text = str(intake.columns.pop("DocEntry", ""))
    if not text.isdecimal() or len(text) > 10:  # noqa: PLR2004 - digits of an Int32
        raise missing_document()
    return int(text)


_DATED = ("DeliveryNotes", "Returns", "Invoices", "CreditNotes", "PurchaseDeliveryNotes")
SERVICES: Mapping[str, Service] = {
    "OrdersService_Preview": partial(preview, kind=ORDER),
    "DraftsService_SaveDraftToDocument": save_draft_to_document,
    "SBOBobService_GetDueDate": due_date,
    **{f"{n}Service_InitData": partial(init_data, kind=kind) for n, kind in KINDS.items()},
    **{
        f"{name}Service_Cancel2": partial(cancel_dated, kind=KINDS[name])
        for name in (*_DATED, "PurchaseInvoices")
    },
}
