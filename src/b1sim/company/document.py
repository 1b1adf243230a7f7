"""A marketing document in hand: its header, rows, freight and batches."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.kinds import INVOICE, Kind
from b1sim.company.shape import schema
from b1sim.company.shape.values import amount
from b1sim.company.tax import Tax


@dataclass
class Document:
    """A document on its way into the books or out of them; keys are SAP's columns."""

    kind: Kind
    header: Row
    lines: list[Row] = field(default_factory=list)
    expenses: list[Row] = field(default_factory=list)
    row_expenses: list[Row] = field(default_factory=list)
    """The freight of its rows."""
    batches: list[Row] = field(default_factory=list)
    serials: list[Row] = field(default_factory=list)
    bins: list[Row] = field(default_factory=list)
    installments: list[Row] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)
    draws: list[Row] = field(default_factory=list)
    """The down payments that it draws."""
    taxes: list[Tax] = field(default_factory=list)
    """The tax code of each row, while the document is being posted."""
    freight_taxes: list[Tax] = field(default_factory=list)
    """The same of all its freight."""

    @property
    def entry(self) -> int:
        """Return the DocEntry."""
        return int(self.header["DocEntry"])

    @property
    def freight(self) -> list[Row]:
        """Return the freight of the header and of the rows."""
        return [*self.expenses, *self.row_expenses]

    @property
    def foreign(self) -> bool:
        """Tell whether the amounts were agreed in another currency."""
        return bool(self.header["DocRate"] != 1)

    @property
    def kept(self) -> Decimal:
        """Return what a header discount and a down payment's percentage leave of the rows."""
        asked = self.header.get("DpmPrcnt") if self.kind.books == "prepayment" else None
        kept: Decimal = 1 - self.header["DiscPrcnt"] / 100
        return kept if asked is None else kept * asked / 100

    @property
    def reserved(self) -> bool:
        """Tell whether it is a reserve invoice: paid now, delivered later."""
        return self.kind is INVOICE and self.header["isIns"] == "Y"

    @property
    def promises(self) -> str:
        """Name what its open rows do to stock: "committed", "ordered", or nothing."""
        return "committed" if self.reserved else self.kind.promises

    @property
    def moves(self) -> int:
        """Tell whether its goods go out (-1), come in (1) or stay where they are."""
        return 0 if self.reserved else self.kind.moves

    @property
    def is_booked(self) -> bool:
        """Tell whether the partner owes or is owed by it; a down payment request is only paper."""
        requested = self.kind.books == "prepayment" and self.header.get("Posted") != "Y"
        return self.kind.is_paid and not requested


def load(books: Books, kind: Kind, entry: int) -> Document | None:
    """Read a document whole; amounts become Decimals."""
    found = amounts(books, kind.header, '"DocEntry" = ?', (entry,))
    if not found:
        return None
    mine = (kind.type, entry)
    return Document(
        kind=kind,
        header=found[0],
        lines=_of(books, kind.lines, entry),
        expenses=_of(books, kind.expenses, entry),
        row_expenses=_of(books, kind.row_expenses, entry),
        batches=amounts(books, "IBT1", '"BaseType" = ? AND "BaseEntry" = ?', mine),
        serials=amounts(books, "SRI1", '"BaseType" = ? AND "BaseEntry" = ?', mine),
        bins=_of(books, kind.bins, entry),
        installments=_of(books, kind.installments, entry),
        references=_of(books, kind.references, entry),
        draws=_of(books, kind.draws, entry),
    )


def _of(books: Books, table: str, entry: int) -> list[Row]:
    """Read the rows of a table that not every kind has."""
    known = table in schema.TABLES
    return amounts(books, table, '"DocEntry" = ?', (entry,)) if known else []


def amounts(books: Books, table: str, where: str, params: tuple[Any, ...]) -> list[Row]:
    """Read rows of a table with every REAL column as Decimal."""
    real = schema.real_columns(table)
    rows = books.rows(f"SELECT * FROM {table} WHERE {where}", params)  # noqa: S608 - own names, bound values
    for row in rows:
        for column in real:
            if row[column] is not None:
                row[column] = amount(row[column])
    return rows


def write(books: Books, document: Document) -> None:
    """Insert a new document with all that hangs on it."""
    books.insert(document.kind.header, [document.header])
    write_rows(books, document)


def write_rows(books: Books, document: Document) -> None:
    """Insert all that hangs on a header."""
    kind = document.kind
    for row in (*document.installments, *document.references, *document.draws):
        row["DocEntry"] = document.entry
    books.insert(kind.lines, document.lines)
    books.insert(kind.expenses, document.expenses)
    books.insert("IBT1", document.batches)
    books.insert("SRI1", document.serials)
    books.insert(kind.bins, document.bins)
    books.insert(kind.installments, document.installments)
    books.insert(kind.references, document.references)
    books.insert(kind.row_expenses, document.row_expenses)
    books.insert(kind.draws, document.draws)


def erase_rows(books: Books, kind: Kind, entry: int) -> None:
    """Remove all that hangs on a header."""
    rows = (kind.lines, kind.expenses, kind.row_expenses, kind.bins, kind.installments)
    for table in filter(None, (*rows, kind.references, kind.draws)):
        books.db.execute(f'DELETE FROM {table} WHERE "DocEntry" = ?', (entry,))  # noqa: S608 - own names
    for table in ("IBT1", "SRI1"):
        sql = f'DELETE FROM {table} WHERE "BaseType" = ? AND "BaseEntry" = ?'  # noqa: S608 - own names
        books.db.execute(sql, (kind.type, entry))


def touch(books: Books, kind: Kind, entry: int, **changes: Any) -> None:
    """Change a header and move its version and change stamp."""
    now = books.now()
    stamp = {"UpdateDate": now.date().isoformat(), "UpdateTS": int(now.strftime("%H%M%S"))}
    sets = "".join(f', "{column}" = ?' for column in (*stamp, *changes))
    sql = f'UPDATE {kind.header} SET "DataVers" = "DataVers" + 1{sets} WHERE "DocEntry" = ?'  # noqa: S608 - own names
    books.db.execute(sql, (*stamp.values(), *changes.values(), entry))
