"""A marketing document in hand: its header, rows, freight, batches, and the kinds there are."""

from dataclasses import dataclass, field
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.shape import schema
from b1sim.company.shape.areas.documents import DOCUMENT_TABLES
from b1sim.company.shape.values import amount
from b1sim.company.tax import Tax


@dataclass(frozen=True)
class Kind:
    """One kind of document: its tables and SAP's object type."""

    entity_set: str
    type: int
    header: str
    prefix: str
    memo: str

    @property
    def lines(self) -> str:
        """Name the table of its rows."""
        return f"{self.prefix}1"

    @property
    def expenses(self) -> str:
        """Name the table of its freight."""
        return f"{self.prefix}3"


def _kind(entity_set: str, memo: str) -> Kind:
    return Kind(entity_set, *DOCUMENT_TABLES[entity_set], memo)


ORDER = _kind("Orders", "Sales Orders")
DELIVERY = _kind("DeliveryNotes", "Delivery")
INVOICE = _kind("Invoices", "A/R Invoices")
DRAFT = _kind("Drafts", "Drafts")
KINDS = {kind.entity_set: kind for kind in (ORDER, DELIVERY, INVOICE, DRAFT)}
BY_TYPE = {kind.type: kind for kind in KINDS.values()}


@dataclass
class Document:
    """A document on its way into the books or out of them; keys are SAP's columns."""

    kind: Kind
    header: Row
    lines: list[Row] = field(default_factory=list)
    expenses: list[Row] = field(default_factory=list)
    batches: list[Row] = field(default_factory=list)
    serials: list[Row] = field(default_factory=list)
    taxes: list[Tax] = field(default_factory=list)
    """The tax code of each row, while the document is being posted."""
    freight_taxes: list[Tax] = field(default_factory=list)

    @property
    def entry(self) -> int:
        """Return the DocEntry."""
        return int(self.header["DocEntry"])

    @property
    def foreign(self) -> bool:
        """Tell whether the amounts were agreed in another currency."""
        return bool(self.header["DocRate"] != 1)

    @property
    def reserved(self) -> bool:
        """Tell whether it is a reserve invoice: paid now, delivered later."""
        return self.kind is INVOICE and self.header["isIns"] == "Y"


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
        expenses=amounts(books, kind.expenses, '"DocEntry" = ?', (entry,)),
        batches=amounts(books, "IBT1", '"BaseType" = ? AND "BaseEntry" = ?', mine),
        serials=amounts(books, "SRI1", '"BaseType" = ? AND "BaseEntry" = ?', mine),
    )


def amounts(books: Books, table: str, where: str, params: tuple[Any, ...]) -> list[Row]:
    """Read rows of a table with every REAL column as Decimal."""
    real = [column for column, kind in schema.TABLES[table].items() if kind == "REAL"]
    rows = books.rows(f"SELECT * FROM {table} WHERE {where}", params)  # noqa: S608 - own names, bound values
    for row in rows:
        for column in real:
            if row[column] is not None:
                row[column] = amount(row[column])
    return rows


def write(books: Books, document: Document) -> None:
    """Insert a new document with all that hangs on it."""
    kind = document.kind
    books.insert(kind.header, [document.header])
    books.insert(kind.lines, document.lines)
    books.insert(kind.expenses, document.expenses)
    books.insert("IBT1", document.batches)
    books.insert("SRI1", document.serials)


def touch(books: Books, kind: Kind, entry: int, **changes: Any) -> None:
    """Change a header and move its version and change stamp."""
    now = books.now()
    stamp = {"UpdateDate": now.date().isoformat(), "UpdateTS": int(now.strftime("%H%M%S"))}
    sets = "".join(f', "{column}" = ?' for column in (*stamp, *changes))
    sql = f'UPDATE {kind.header} SET "DataVers" = "DataVers" + 1{sets} WHERE "DocEntry" = ?'  # noqa: S608 - own names
    books.db.execute(sql, (*stamp.values(), *changes.values(), entry))
