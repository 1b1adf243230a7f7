"""Installments: when which part of a document is due.

The payment terms say how many there are; without a plan of its own each is an equal part, a month
after the one before (guess: SAP keeps percentages and days per installment with the terms). What
is sent goes by its totals or percentages, and the last one takes the odd cents (guess).
"""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.documents.headers import later
from b1sim.company.documents.refusals import installments_differ
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import rounded

ZERO = Decimal(0)


def split(books: Books, document: Document, sent: list[Intake]) -> None:
    """Give the document its installments; Refusal when those sent are not the whole."""
    if not sent and not document.kind.is_paid:
        return
    rows = [_sent(document, row) for row in sent] or _usual(books, document)
    _complete(document, rows, "DocTotal", "InsTotal")
    _complete(document, rows, "DocTotalFC", "InsTotalFC")
    if sum((row["InstPrcnt"] for row in rows), ZERO) != 100:  # noqa: PLR2004 - percent
        raise installments_differ(document.kind.header)
    for position, row in enumerate(rows):
        row |= {"InstlmntID": position + 1, "Ordered": "N", "DunnLevel": 0}
    document.installments = rows


def _sent(document: Document, intake: Intake) -> Row:
    row = {c: v for c, v in intake.columns.items() if v is not None}
    row.setdefault("DueDate", document.header["DocDueDate"])
    total = document.header["DocTotal"]
    if row.get("InstPrcnt") is None:
        share = (row.get("InsTotal") or ZERO) / total * 100 if total else Decimal(100)
        row["InstPrcnt"] = rounded(share, 6)
    return row | {"Extra": intake.extra}


def _usual(books: Books, document: Document) -> list[Row]:
    terms = books.master("OCTG", document.header["GroupNum"]) or {}
    count = max(terms.get("InstNum") or 1, 1)
    part = rounded(Decimal(100) / count, 6)
    due = document.header["DocDueDate"]
    rows = [{"DueDate": later(due, months=n), "InstPrcnt": part} for n in range(count)]
    rows[-1]["InstPrcnt"] = 100 - part * (count - 1)
    return rows


def _complete(document: Document, rows: list[Row], total: str, column: str) -> None:
    left = document.header[total]
    for row in rows[:-1]:
        row[column] = rounded(document.header[total] * row["InstPrcnt"] / 100)
        left -= row[column]
    rows[-1][column] = left
