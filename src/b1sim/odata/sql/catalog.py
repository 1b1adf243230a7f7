"""Which tables and columns a company file has, in SAP's spelling."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from b1sim.company.company import Company
from b1sim.company.shape.known import Known
from b1sim.company.shape.model import Collection, EntitySet

# The one column that is ours: what SAP keeps in columns that b1sim has no place for.
_OURS = "Extra"
_COLUMNS = "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p ORDER BY 1"


@dataclass(frozen=True, eq=False)
class Catalog:
    """Tables and columns by their folded names, as HANA and SQL Server find them (4.3)."""

    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    """By table: the spelling of each column."""
    user_fields: Mapping[str, frozenset[str]]
    """By table: the user-defined fields, which lie in our own column."""
    dates: frozenset[str]
    """Columns that hold dates, whatever their table."""

    def table(self, name: str) -> str:
        """Spell a table; an unknown one stays as it was written, in capitals."""
        return self.tables.get(name.casefold(), name.upper())

    def column(self, tables: list[str], name: str) -> tuple[str, str] | None:
        """Find the table and the spelling of a column among the tables of a query."""
        for table in tables:
            found = self.columns.get(table, {}).get(name.casefold())
            if found is not None:
                return table, found
        return None


def catalog_of(company: Company) -> Catalog:
    """Describe a company as it is now; new tables and fields are seen at once."""
    (version,) = company.db.execute("PRAGMA schema_version").fetchone()
    return _catalog(company.db, version, company.books.known)


@lru_cache(maxsize=4)
def _catalog(db: sqlite3.Connection, version: int, known: Known) -> Catalog:
    del version  # part of the cache's key
    columns: dict[str, dict[str, str]] = {}
    for table, column in db.execute(_COLUMNS):
        if column != _OURS:
            columns.setdefault(table, {})[column.casefold()] = column
    for table, names in known.user_fields.items():
        columns.setdefault(table, {}).update({name.casefold(): name for name in names})
    spelled = {table.casefold(): table for table in columns}
    return Catalog(spelled, columns, known.user_fields, frozenset(_dates(known)))


def _shapes(known: Known) -> Iterator[EntitySet | Collection]:
    for entity_set in known.sets.values():
        yield entity_set
        for rows in entity_set.collections.values():
            yield rows
            yield from rows.collections.values()


def _dates(known: Known) -> Iterator[str]:
    for shape in _shapes(known):
        for found in shape.properties.values():
            if found.type == "Edm.DateTime" and found.column:
                yield found.column
