"""What names goods more closely than item and warehouse: batches, serials and bins together.

What must be named and when: sap-service-layer.md 9.4.
"""

from collections.abc import Sequence

from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.shape.intake import Intake
from b1sim.company.stock import batches, bins, trees
from b1sim.company.stock.ways import Way


def take_sent(document: Document, line: Row, intake: Intake) -> None:
    """Collect the batches, serials and bins that were sent with a row."""
    if not intake.rows:
        return
    own = {"BaseType": document.kind.type, "BaseLinNum": line["LineNum"]}
    own["ItemCode"] = line.get("ItemCode")
    for name, rows in (("BatchNumbers", document.batches), ("SerialNumbers", document.serials)):
        rows.extend(
            {**number.columns, **own, "RowNo": len(rows) + place, "Extra": number.extra}
            for place, number in enumerate(intake.rows.get(name, []))
        )
    for name in ("DocumentLinesBinAllocations", "StockTransferLinesBinAllocations"):
        document.bins.extend(
            {**row.columns, "LineNum": line["LineNum"], "BinAllocSe": len(document.bins) + place}
            for place, row in enumerate(intake.rows.get(name, []))
        )


def point_rows(document: Document) -> None:
    """Let every row of a document that has its key now point at it."""
    for row in (*document.lines, *document.freight, *document.bins):
        row["DocEntry"] = document.entry
    for row in (*document.batches, *document.serials):
        row |= {"BaseEntry": document.entry, "BaseType": document.kind.type}


def place(books: Books, document: Document, rows: Sequence[Row], way: Way) -> None:
    """Move the named goods of the rows that move; rows that stay are checked all the same."""
    rows = trees.goods(books, rows)
    batches.move(books, document, rows, way)
    bins.move(books, document, rows, way)


def put_back(books: Books, document: Document) -> None:
    """Undo what a cancelled document moved."""
    batches.put_back(books, document)
    bins.put_back(books, document)


def mirror(original: Document, copy: Document) -> None:
    """Give a cancellation document the numbers and bins of its original, the other way round."""
    copy.batches = batches.mirrored(original.batches, copy.entry)
    copy.serials = batches.mirrored(original.serials, copy.entry)
    copy.bins = bins.mirrored(original.bins, copy.entry)
