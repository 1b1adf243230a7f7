"""Which tables and columns a company file has, in SAP's spelling."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from b1sim.company.company import Company
from b1sim.company.shape.model import ENTITY_SETS, Collection, EntitySet
from b1sim.odata.sets import UserFields

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
    fields = company.settings.user_fields
    frozen = tuple((kind, tuple(names)) for kind, names in fields.items())
    return _catalog(company.db, version, frozen)


@lru_cache(maxsize=4)
def _catalog(
    db: sqlite3.Connection, version: int, fields: tuple[tuple[str, tuple[str, ...]], ...]
) -> Catalog:
    del version  # part of the cache's key
    columns: dict[str, dict[str, str]] = {}
    for table, column in db.execute(_COLUMNS):
        if column != _OURS:
            columns.setdefault(table, {})[column.casefold()] = column
    own = _user_fields({kind: dict.fromkeys(names, "") for kind, names in fields})
    for table, names in own.items():
        columns.setdefault(table, {}).update({name.casefold(): name for name in names})
    spelled = {table.casefold(): table for table in columns}
    return Catalog(spelled, columns, own, frozenset(_dates()))


def _shapes() -> Iterator[EntitySet | Collection]:
    for entity_set in ENTITY_SETS.values():
        yield entity_set
        for rows in entity_set.collections.values():
            yield rows
            yield from rows.collections.values()


def _user_fields(fields: UserFields) -> dict[str, frozenset[str]]:
    return {
        shape.table: frozenset(fields[shape.type_name])
        for shape in _shapes()
        if shape.type_name in fields
    }


def _dates() -> Iterator[str]:
    for shape in _shapes():
        for found in shape.properties.values():
            if found.type == "Edm.DateTime" and found.column:
                yield found.column
