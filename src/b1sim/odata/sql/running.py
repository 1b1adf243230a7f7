"""Runs judged SQL on the company's own tables, which it cannot change (4.3)."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from b1sim.company.company import Company
from b1sim.odata.bounded import bounded
from b1sim.odata.refusing import bad_request

Rows = tuple[list[str], list[tuple[Any, ...]]]


@contextmanager
def read_only(company: Company) -> Iterator[None]:
    """Let SQLite itself refuse any write, and compare LIKE as this company's database does."""
    company.db.execute("PRAGMA query_only = ON")
    company.db.execute(f"PRAGMA case_sensitive_like = {company.settings.case_sensitive:d}")
    try:
        yield
    finally:
        company.db.execute("PRAGMA case_sensitive_like = 0")
        company.db.execute("PRAGMA query_only = OFF")


def fetch(company: Company, sql: str, values: Mapping[str, Any]) -> Rows:
    """Run one statement; what the grammar let through and SQLite does not take is a refusal."""
    cursor = company.db.cursor()
    cursor.row_factory = None
    try:
        with bounded(company.db):
            rows = cursor.execute(sql, values).fetchall()
    except (sqlite3.Error, OverflowError) as error:
        # Guess: the code and the sentence of what only the database refuses.
        msg = f"Query string error: {error}"
        raise bad_request(msg) from error
    return [column[0] for column in cursor.description or ()], rows
