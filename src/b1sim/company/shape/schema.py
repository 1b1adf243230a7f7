"""The tables of a company file, with SAP's names, so that SQL queries find what they expect."""

import sqlite3
from collections.abc import Iterator, Mapping
from functools import cache

from b1sim.company.shape import areas
from b1sim.company.shape.model import ENTITY_SETS, Collection, EntitySet, Property

_SQL_TYPES = {"Edm.Int32": "INTEGER", "Edm.Double": "REAL", "Edm.Time": "INTEGER"}

_SUPPORT = """
CREATE TABLE SIM_COUNTERS (Name TEXT PRIMARY KEY, Value INTEGER) WITHOUT ROWID;
CREATE TABLE SIM_SETTINGS (Id INTEGER PRIMARY KEY, Settings TEXT);
"""
_DOCUMENT_INDICES = """
CREATE INDEX {table}_CARD ON {table} (CardCode);
CREATE INDEX {table}_REF ON {table} (NumAtCard);
CREATE INDEX {table}_NUM ON {table} (DocNum);
CREATE INDEX {table}_UPDATED ON {table} (UpdateDate, UpdateTS);
CREATE INDEX {lines}_BASE ON {lines} (BaseEntry, BaseType) WHERE BaseEntry IS NOT NULL;
"""


def create(db: sqlite3.Connection) -> None:
    """Make every table and index of an empty company."""
    _template().backup(db)


@cache
def _template() -> sqlite3.Connection:
    """Keep the tables of an empty company in memory: copying pages is quicker than their SQL."""
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.executescript(_script())
    return db


def _script() -> str:
    statements = [_table_sql(name, columns) for name, columns in TABLES.items()]
    documents = [s for s in ENTITY_SETS.values() if "DocumentLines" in s.collections]
    indices = [
        _DOCUMENT_INDICES.format(table=s.table, lines=s.collections["DocumentLines"].table)
        for s in documents
    ]
    return "\n".join([*statements, _SUPPORT, areas.SUPPORT, *indices])


def _table_sql(table: str, columns: Mapping[str, str]) -> str:
    key = ", ".join(f'"{column}"' for column in _KEYS[table])
    body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    return f'CREATE TABLE "{table}" ({body}, PRIMARY KEY ({key})) WITHOUT ROWID;'


def _kinds() -> Iterator[tuple[EntitySet | Collection, EntitySet | Collection | None]]:
    for entity_set in ENTITY_SETS.values():
        yield entity_set, None
        for collection in entity_set.collections.values():
            yield collection, entity_set
            for inner in collection.collections.values():
                yield inner, collection


def _columns(kind: EntitySet | Collection, parent: EntitySet | Collection | None) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(kind, Collection) and parent is not None:
        found |= {own: _type_of_column(parent, above) for own, above in kind.link}
        found |= {own: "INTEGER" for own, _ in kind.fixed}
    found |= {p.column: sql_type(p) for p in kind.properties.values() if p.column}
    hidden = areas.HIDDEN.get(kind.type_name, {}) | areas.HIDDEN.get(kind.table, {})
    return found | hidden | {"Extra": "TEXT"}


def _type_of_column(kind: EntitySet | Collection, column: str) -> str:
    """Name a column's type; a row's own link, which it does not show, is a code."""
    return next((sql_type(p) for p in kind.properties.values() if p.column == column), "TEXT")


def sql_type(prop: Property) -> str:
    """Name the SQLite type of a property's column."""
    return _SQL_TYPES.get(prop.type, "TEXT")


def _key_columns(kind: EntitySet | Collection) -> tuple[str, ...]:
    if isinstance(kind, EntitySet):
        return kind.key_columns
    links = tuple(own for own, _ in kind.link)
    return (*(own for own, _ in kind.fixed), *links, kind.row_column)


TABLES: dict[str, dict[str, str]] = {kind.table: _columns(kind, up) for kind, up in _kinds()}
_KEYS: dict[str, tuple[str, ...]] = {kind.table: _key_columns(kind) for kind, _ in _kinds()}


def key_columns(table: str) -> tuple[str, ...]:
    """Name the primary key of a table."""
    return _KEYS[table]


@cache
def real_columns(table: str) -> tuple[str, ...]:
    """Name the columns of a table that keep amounts."""
    return tuple(column for column, kind in TABLES[table].items() if kind == "REAL")


@cache
def insert_sql(table: str, columns: tuple[str, ...]) -> str:
    """Write the INSERT that fills some columns of a table."""
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - table names are our own
