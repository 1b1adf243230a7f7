"""Drafts: becoming a document, or going away (sap-service-layer.md 9.9).

What a draft hands on to its document is a guess: all that a client can send.
"""

from typing import Any

from b1sim.company.approvals import requests
from b1sim.company.books import Books, Row, extra_of
from b1sim.company.document import Document, erase_rows, load
from b1sim.company.documents import freight
from b1sim.company.documents.posting import post as post_document
from b1sim.company.kinds import BY_TYPE, DRAFT
from b1sim.company.refusals import not_found
from b1sim.company.shape.intake import Intake

_HEADER_KEPT = """
    CardCode CardName DocDate DocDueDate TaxDate NumAtCard DocCur DocRate Comments JrnlMemo Ref1
    Ref2 DiscPrcnt Rounding RoundDif isIns DocType ShipToCode PayToCode SlpCode CntctCode TrnspCode
    GroupNum PeyMethod Project Indicator TrackNo Address Address2 Series Posted DpmPrcnt LangCode
    AtcEntry BPLId
""".split()  # noqa: SIM905 - a list of columns reads best as words
_LINE_KEPT = """
    ItemCode Dscription Quantity WhsCode VatGroup TaxCode AcctCode OcrCode OcrCode2 OcrCode3 Project
    CodeBars SubCatNum FreeTxt SlpCode BaseType BaseEntry BaseLine DiscPrcnt ShipDate Text
    TreeType ParentLineNum UomEntry UseBaseUn NoInvtryMv
""".split()  # noqa: SIM905 - a list of columns reads best as words
_BIN_KEPT = ["BinAbs", "Quantity", "AllowNeg", "SnBLine"]


def post(books: Books, entry: int, changes: Intake) -> Document:
    """Post a draft as what it stands for, with last changes to its header."""
    draft = load(books, DRAFT, entry)
    if draft is None:
        raise not_found()
    requests.check_may_post(draft)
    kind = BY_TYPE[int(draft.header["ObjType"])]
    document = post_document(books, kind, as_sent(draft, changes), approved=True)
    requests.close(books, draft, document)
    books.note(kind.entity_set, "Created", DocEntry=document.entry)
    return document


def as_sent(document: Document, changes: Intake) -> Intake:
    """Turn a stored document back into what a client would send to get the same one."""
    header = _only(document.header, _HEADER_KEPT) | changes.columns
    return Intake(
        columns={c: v for c, v in header.items() if c not in ("DocEntry", "DocNum", "ObjType")},
        extra=extra_of(document.header) | changes.extra,
        rows={
            "DocumentLines": [line_as_sent(document, line) for line in document.lines],
            "DocumentAdditionalExpenses": [freight.as_sent(row) for row in document.expenses],
            "DocumentInstallments": _installments(document, changes),
            "DocumentReferences": _plain(document.references, "LineNum"),
            **({"DownPaymentsToDraw": _plain(document.draws)} if document.draws else {}),
        },
    )


def _plain(rows: list[Row], *left_out: str) -> list[Intake]:
    own = {"DocEntry", "LineNum", "Extra", *left_out}
    return [Intake({c: v for c, v in row.items() if c not in own}, extra_of(row)) for row in rows]


def _installments(document: Document, changes: Intake) -> list[Intake]:
    """Keep the plan unless the changes say anew when the document is due."""
    if changes.has("DocDueDate", "GroupNum", "DocDate"):
        return []
    return [Intake(_only(row, ["DueDate", "InstPrcnt"])) for row in document.installments]


def line_as_sent(document: Document, line: Row) -> Intake:
    """Keep how the row was priced, net or gross, so that no cent moves."""
    columns = _only(line, _LINE_KEPT)
    gross = line["GrossInput"] == "Y"
    net_total = line["TotalFrgn"] if document.foreign else line["LineTotal"]
    gross_total = line["GTotalFC"] if document.foreign else line["GTotal"]
    columns |= {"GTotal": gross_total, "GPBefDisc": line["GPBefDisc"]} if gross else {}
    columns |= {} if gross else {"LineTotal": net_total, "PriceBefDi": line["PriceBefDi"]}
    mine = (("BatchNumbers", document.batches), ("SerialNumbers", document.serials))
    rows = {
        name: [Intake(_numbers(n)) for n in found if n["BaseLinNum"] == line["LineNum"]]
        for name, found in mine
    }
    rows["DocumentLinesBinAllocations"] = [
        Intake(_only(row, _BIN_KEPT)) for row in document.bins if row["LineNum"] == line["LineNum"]
    ]
    rows["DocumentLineAdditionalExpenses"] = [
        freight.as_sent(row) for row in document.row_expenses if row["LineNum"] == line["LineNum"]
    ]
    return Intake(columns, extra_of(line), rows)


def _numbers(row: Row) -> dict[str, Any]:
    return {c: v for c, v in row.items() if c not in ("BaseType", "BaseEntry", "Extra")}


def _only(row: Row, columns: list[str]) -> dict[str, Any]:
    return {column: row[column] for column in columns if row.get(column) is not None}


def delete(books: Books, entry: int) -> None:
    """Throw a draft away, and what was asked about it."""
    requests.cancel(books, entry)
    erase_rows(books, DRAFT, entry)
    books.db.execute("DELETE FROM ODRF WHERE DocEntry = ?", (entry,))
