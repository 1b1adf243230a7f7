"""Ends a statement that would run for minutes: a product of large tables keeps everybody waiting.

SAP's databases have limits of their own; that this one is seconds, and what is answered, is a
guess.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 10.0
_STEPS = 100_000


@contextmanager
def bounded(db: sqlite3.Connection, seconds: float = SECONDS) -> Iterator[None]:
    """Interrupt what runs longer; SQLite then raises OperationalError `interrupted`."""
    end = time.monotonic() + seconds
    db.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    finally:
        db.set_progress_handler(None, 0)
