"""Creating, changing and deleting master data: partners, items and the small tables.

Duplicates, keys and what stays silent: sap-service-layer.md 5, 9.7.
"""

from collections.abc import Callable, Mapping
from typing import Any

from b1sim.company.books import Books, Row, extra_of
from b1sim.company.documents.headers import stamps
from b1sim.company.masters import subrows
from b1sim.company.refusals import (
    duplicate_item,
    duplicate_partner,
    duplicate_row,
    in_use,
    missing_code,
    not_found,
)
from b1sim.company.rules import references
from b1sim.company.shape import schema
from b1sim.company.shape.areas import DEFAULTS, USES
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.model import EntitySet
from b1sim.company.shape.values import hhmmss

_DUPLICATES: dict[str, Callable[[str], Exception]] = {
    "OCRD": duplicate_partner,
    "OITM": duplicate_item,
}


def create(books: Books, entity_set: EntitySet, intake: Intake) -> Row:
    """Create one record and return its key columns."""
    table = entity_set.table
    references.check(books, table, intake)
    row = DEFAULTS.get(table, {}) | _stamps(books, table)
    row |= {column: value for column, value in intake.columns.items() if value is not None}
    key = _key(books, entity_set, row)
    row["Extra"] = intake.extra
    if _row(books, table, key) is not None:
        make = _DUPLICATES.get(table)
        raise make(str(next(iter(key.values())))) if make else duplicate_row()
    books.insert(table, [row])
    subrows.add(books, entity_set, key, intake)
    books.forget()
    return key


def _stamps(books: Books, table: str) -> Row:
    columns = schema.TABLES[table]
    known = {c: v for c, v in stamps(books).items() if c in columns}
    return known | ({"DataVers": 1} if "DataVers" in columns else {})


def _key(books: Books, entity_set: EntitySet, row: Row) -> Row:
    """Read the key out of the row; numbers are given by the company when missing."""
    for name, column in zip(entity_set.key, entity_set.key_columns, strict=True):
        if row.get(column) in (None, ""):
            if entity_set.properties[name].type != "Edm.Int32":
                field = f"{entity_set.table}.{column}"
                raise missing_code(field)
            row[column] = _free_number(books, entity_set.table, column)
    return {column: row[column] for column in entity_set.key_columns}


def _free_number(books: Books, table: str, column: str) -> int:
    sql = f'SELECT COALESCE(MAX("{column}"), 0) + 1 FROM {table}'  # noqa: S608 - own names
    return int(books.db.execute(sql).fetchone()[0])


def _found(books: Books, table: str, key: Mapping[str, Any]) -> Row:
    found = _row(books, table, key)
    if found is None:
        raise not_found()
    return found


def _row(books: Books, table: str, key: Mapping[str, Any]) -> Row | None:
    if len(key) == 1:
        return books.master(table, next(iter(key.values())))
    where = " AND ".join(f'"{column}" = ?' for column in key)
    return books.row(f"SELECT * FROM {table} WHERE {where}", tuple(key.values()))  # noqa: S608 - own names


def patch(
    books: Books, entity_set: EntitySet, key: Row, intake: Intake, *, replace: bool = False
) -> None:
    """Change what was sent; rows of collections merge by their row key."""
    table = entity_set.table
    before = _found(books, table, key)
    key = {column: before[column] for column in key}
    references.check(books, table, intake)
    changes = {c: v for c, v in intake.columns.items() if c not in key}
    if intake.extra:
        changes["Extra"] = extra_of(before) | intake.extra
    books.update(table, key, changes | _changed(books, table, before))
    subrows.merge(books, entity_set, key, intake, replace=replace)
    books.forget()


def _changed(books: Books, table: str, before: Row) -> Row:
    columns, now = schema.TABLES[table], books.now()
    stamp = {"UpdateDate": now.date().isoformat(), "UpdateTS": hhmmss(now)}
    found = {c: v for c, v in stamp.items() if c in columns}
    return found | ({"DataVers": before["DataVers"] + 1} if "DataVers" in columns else {})


def delete(books: Books, entity_set: EntitySet, key: Row) -> None:
    """Delete a record nobody has used."""
    table = entity_set.table
    _found(books, table, key)
    code = next(iter(key.values()))
    for other, column in USES.get(table, ()):
        sql = f'SELECT 1 FROM {other} WHERE "{column}" = ? LIMIT 1'  # noqa: S608 - own names
        if books.row(sql, (code,)):
            what = f"{entity_set.type_name} '{code}'"
            raise in_use(what)
    subrows.drop(books, entity_set, key)
    where = " AND ".join(f'"{column}" = ?' for column in key)
    books.db.execute(f"DELETE FROM {table} WHERE {where}", tuple(key.values()))  # noqa: S608 - own names
    books.forget()
