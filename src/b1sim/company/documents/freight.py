"""Freight: the additional expenses of a document, sent with it or copied from its base.

Freight of a row counts as the header's does: it is added to the total, taxed on its own and booked
(guess: SAP's screens also list its sum with the header's). It is not drawn along with its row.

A document that is drawn from another leaves the base's freight to the caller, who names it by
BaseDocEntry; SAP's screens copy it along (guess: that the API does not). The setting copy_freight
of the company chooses.
"""

from b1sim.company.books import Books, Row, extra_of
from b1sim.company.document import Document
from b1sim.company.documents import taxing
from b1sim.company.refusals import unknown_expense
from b1sim.company.shape.intake import Intake

_COPIED = ("ExpnsCode", "VatGroup", "TaxCode", "Comments", "DistrbMthd")


def add_expenses(
    books: Books, document: Document, sent: list[Intake], base: Document | None = None
) -> None:
    """Complete the freight rows; their amounts follow with the totals."""
    table = document.kind.expenses
    if not sent and base is not None and books.settings.copy_freight:
        sent = _of_base(base)
    for position, intake in enumerate(sent):
        row = {c: v for c, v in intake.columns.items() if v is not None}
        if base is not None and row.get("BaseAbsEnt") == base.entry:
            row = _linked(base, row) | row
        row |= {"LineNum": position, "Status": "O", "Extra": intake.extra}
        _complete(books, document, table, row)
        document.expenses.append(row)
    for row in document.row_expenses:
        _complete(books, document, document.kind.row_expenses, row)


def take_sent(document: Document, line: Row, intake: Intake) -> None:
    """Collect the freight that was sent with a row."""
    for number, sent in enumerate(intake.rows.get("DocumentLineAdditionalExpenses", [])):
        row = {c: v for c, v in sent.columns.items() if v is not None}
        row |= {"LineNum": line["LineNum"], "GroupNum": number, "Extra": sent.extra}
        document.row_expenses.append(row)


def _complete(books: Books, document: Document, table: str, row: Row) -> None:
    freight = books.master("OEXD", row.get("ExpnsCode"))
    if freight is None:
        raise unknown_expense(table, row["LineNum"] + 1, row.get("ExpnsCode"))
    row.setdefault("DistrbMthd", freight["DistrbMthd"])
    document.freight_taxes.append(taxing.freight_tax(books, document, table, row, freight))


def as_sent(row: Row) -> Intake:
    """Turn a stored freight row back into what a client would send to get the same one."""
    columns = {column: row[column] for column in _COPIED if row.get(column) is not None}
    return Intake(columns | {"GrsAmount": row["GrsFC"] or row["GrsAmount"]}, extra_of(row))


def _of_base(base: Document) -> list[Intake]:
    """Copy all freight with the first row that is drawn, and none later (guess)."""
    if any(line["TrgetEntry"] is not None for line in base.lines):
        return []
    return [as_sent(row) for row in base.expenses]


def _linked(base: Document, row: Row) -> Row:
    """Take what a row leaves out from the base's freight row that it names."""
    number = row.get("BaseLnNum") or 0
    found = next((as_sent(r).columns for r in base.expenses if r["LineNum"] == number), {})
    return {} if "LineTotal" in row or "GrsAmount" in row else found
