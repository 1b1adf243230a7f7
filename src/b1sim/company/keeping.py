"""Opening and keeping company files."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from b1sim.company.books import Books
from b1sim.company.settings import ApprovalRule, CompanySettings, ProcedureRule
from b1sim.company.shape import schema

# Each table has its own INSERT and UPDATE; the usual 128 are prepared anew all the time.
_STATEMENTS = 1024


def open_books(path: Path | None, name: str, clock: Callable[[], datetime]) -> tuple[Books, bool]:
    """Open the books and tell whether they are new."""
    db = sqlite3.connect(
        path or ":memory:",
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
    )
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
    is_new = db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] == 0
    if is_new:
        schema.create(db)
    settings = CompanySettings(name=name) if is_new else _settings(db)
    return Books(db, settings, clock), is_new


def _settings(db: sqlite3.Connection) -> CompanySettings:
    row = db.execute("SELECT Settings FROM SIM_SETTINGS WHERE Id = 1").fetchone()
    if row is None:
        db.close()
        message = "this company file was never finished; delete it and open a new one"
        raise ValueError(message)
    found = json.loads(row[0])
    rules = [ApprovalRule(**rule) for rule in found.pop("approvals")]
    procedure = [ProcedureRule(**rule) for rule in found.pop("procedure", [])]
    return CompanySettings(**found, approvals=rules, procedure=procedure)


def keep_settings(books: Books) -> None:
    """Write the settings into the file."""
    text = json.dumps(asdict(books.settings))
    books.db.execute("INSERT OR REPLACE INTO SIM_SETTINGS VALUES (1, ?)", (text,))
