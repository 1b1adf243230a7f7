"""Reading a warehouse document back; it has no freight."""

from b1sim.company.books import Books
from b1sim.company.document import Document, amounts
from b1sim.company.kinds import Kind


def load(books: Books, kind: Kind, entry: int) -> Document | None:
    """Read a document whole; amounts become Decimals."""
    found = amounts(books, kind.header, '"DocEntry" = ?', (entry,))
    if not found:
        return None
    mine = (kind.type, entry)
    return Document(
        kind=kind,
        header=found[0],
        lines=amounts(books, kind.lines, '"DocEntry" = ?', (entry,)),
        batches=amounts(books, "IBT1", '"BaseType" = ? AND "BaseEntry" = ?', mine),
        serials=amounts(books, "SRI1", '"BaseType" = ? AND "BaseEntry" = ?', mine),
        bins=amounts(books, kind.bins, '"DocEntry" = ?', (entry,)),
    )
