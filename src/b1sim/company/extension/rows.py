"""Small questions about the tables that define what a company has of its own (5.3)."""

import re

from b1sim.company.books import Books, Row
from b1sim.company.extension import fields
from b1sim.company.extension.refusals import unknown_table

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)


def has(books: Books, table: str, key: Row) -> bool:
    """Tell whether a row is there."""
    where = " AND ".join(f'"{column}" = ?' for column in key)
    sql = f"SELECT 1 FROM {table} WHERE {where}"  # noqa: S608 - own names
    return books.row(sql, tuple(key.values())) is not None


def next_number(books: Books, table: str, column: str, above: Row) -> int:
    """Count the rows below a key from zero on."""
    where = " AND ".join(f'"{name}" = ?' for name in above)
    sql = f"SELECT COALESCE(MAX({column}), -1) + 1 FROM {table} WHERE {where}"  # noqa: S608 - own names
    return int(books.figure(sql, tuple(above.values())))


def table_of(books: Books, sent: object) -> str:
    """Read the name of a table that takes fields, in capitals; refuse any other."""
    table = str(sent or "").upper()
    if table.startswith("@"):
        known = has(books, "OUTB", {"TblName": table[1:]})
    else:
        known = bool(fields.tables_with(table))
    if not known:
        raise unknown_table(sent)
    return table
