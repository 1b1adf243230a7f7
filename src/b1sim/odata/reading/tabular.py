"""Reads rows that are no entities (sap-service-layer.md 4.2, 4.4), and prints them in pages."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from b1sim.company.company import Company
from b1sim.company.rules import rights
from b1sim.company.shape.model import Property
from b1sim.company.shape.values import reader
from b1sim.odata.bounded import bounded
from b1sim.odata.json_text import quoted, text_of
from b1sim.odata.reading.conditions import Where
from b1sim.odata.reading.entities import value_text
from b1sim.odata.reading.literals import Stored
from b1sim.odata.reading.sources import Source, Sources
from b1sim.odata.refusing import bad_request
from b1sim.odata.versions import Version

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Shown:
    """One value of a row: where it belongs, its name and its SQL; `kind` None means computed."""

    source: Source
    name: str
    value: Where
    kind: Property | None

    def text(self, stored: Any, version: Version) -> str:
        """Print a stored value as the property's own would be."""
        if stored is None or self.kind is None:
            return text_of(_whole(stored))
        read = reader(self.kind)
        return value_text(self.kind, stored if read is None else read(stored), version)

    def member(self, stored: Any, version: Version) -> str:
        """Print `"Name" : value`."""
        return f"{quoted(self.name)} : {self.text(stored, version)}"


def _whole(value: Any) -> Any:
    """Print a computed whole number without a fraction, as the guide's sample has it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True)
class Statement:
    """A SELECT over sources."""

    sources: Sources
    shown: Sequence[Shown]
    where: Where
    group: Sequence[str] = ()
    order: Sequence[str] = ()

    def rows(self, company: Company, limit: int | None, offset: int) -> list[Row]:
        """Fetch a window of rows; what the database cannot do is a refusal."""
        self._check_rights(company)
        columns = ", ".join(found.value.sql for found in self.shown)
        params: list[Stored] = [p for found in self.shown for p in found.value.params]
        sql = f"SELECT {columns} {self._from()} LIMIT ? OFFSET ?"
        window = (-1 if limit is None else limit, offset)
        return _run(company.db, sql, (*params, *self.where.params, *window))

    def count(self, company: Company) -> int:
        """Count the rows."""
        self._check_rights(company)
        sql = f"SELECT COUNT(*) FROM (SELECT 1 {self._from()})"  # noqa: S608 - own names, bound values
        return int(_run(company.db, sql, self.where.params)[0][0])

    def _check_rights(self, company: Company) -> None:
        for source in self.sources.all:
            rights.check(company.books, source.name.partition("/")[0], write=False)

    def _from(self) -> str:
        where = f"WHERE {self.where.sql}" if self.where.sql else ""
        group = f"GROUP BY {', '.join(self.group)}" if self.group else ""
        order = f"ORDER BY {', '.join(self.order)}" if self.order else ""
        return f"FROM {self.sources.tables} {where} {group} {order}"


def _run(db: sqlite3.Connection, sql: str, params: Iterable[Stored]) -> list[Row]:
    cursor = db.cursor()
    cursor.row_factory = None
    try:
        with bounded(db):
            return cursor.execute(sql, tuple(params)).fetchall()
    except (sqlite3.Error, OverflowError) as error:
        msg = f"Query string error: {error}"
        raise bad_request(msg) from error


def order_of(text: str, column: Callable[[str], str]) -> list[str]:
    """Read `$orderby` over names that `column` knows."""
    return [_ordered(piece, column) for piece in text.split(",") if piece.strip()]


def _ordered(piece: str, column: Callable[[str], str]) -> str:
    name, *direction = piece.split()
    if direction not in ([], ["asc"], ["desc"]):
        msg = f"Query string error: cannot read $orderby '{piece.strip()}'"
        raise bad_request(msg)
    return f"{column(name)} {(direction or ['asc'])[0].upper()}"
