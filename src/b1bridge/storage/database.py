"""The one database: SQLite in the home folder, or PostgreSQL by URL."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

from b1bridge.errors import NeedsOperator

T = TypeVar("T")
_POSTGRES_THREADS = 8
_APPEND_LOCK = 0x623162  # "b1b": one key for all appends to the audit trail


class Unsupported(NeedsOperator):
    """SQLite on this machine is too old to carry the durable engine."""

    reason = "UNSUPPORTED"


class Database:
    """Runs transactions in threads of its own; on SQLite writes queue up in a single one."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            _check_sqlite(sys.version_info[:2], sqlite3.sqlite_version_info)
        else:
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.url = parsed
        self.engine = self._make_engine("BEGIN IMMEDIATE")
        self._reading = self._make_engine("BEGIN") if self.is_sqlite else self.engine
        threads = 1 if self.is_sqlite else _POSTGRES_THREADS
        self._writer = ThreadPoolExecutor(threads, "b1bridge-write")
        self._reader = ThreadPoolExecutor(4, "b1bridge-read")

    @classmethod
    def in_folder(cls, home: Path) -> Database:
        """Open (or create) the SQLite file of a home folder, for its owner only."""
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = home / "b1bridge.db"
        # SQLite would give it the umask's rights, and gives -wal and -shm those of the file.
        file.touch(mode=0o600)
        return cls(f"sqlite:///{file}")

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run work in one transaction; it is on disk when this returns."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, self._transact, self.engine, work)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run work on a consistent view; it must not write."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, self._transact, self._reading, work)

    def durable_engine(self) -> sa.Engine:
        """Return an engine for DBOS, which sets neither WAL nor synchronous by itself."""
        if not self.is_sqlite:
            return sa.create_engine(self.url, pool_size=20, pool_pre_ping=True)
        engine = sa.create_engine(self.url, pool_size=20)

        @event.listens_for(engine, "connect")
        def settle(connection: sqlite3.Connection, _: object) -> None:
            _set_pragmas(connection)
            connection.isolation_level = "IMMEDIATE"

        return engine

    def close(self) -> None:
        """Let the work under way end and close every connection."""
        self._writer.shutdown()
        self._reader.shutdown()
        self.engine.dispose()
        self._reading.dispose()

    def _transact(self, engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
        with engine.begin() as connection:
            return work(connection)

    def _make_engine(self, begin: str) -> sa.Engine:
        if not self.is_sqlite:
            return sa.create_engine(self.url, pool_size=_POSTGRES_THREADS, pool_pre_ping=True)
        engine = sa.create_engine(self.url)

        @event.listens_for(engine, "connect")
        def settle(connection: sqlite3.Connection, _: object) -> None:
            _set_pragmas(connection)
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def take_lock(connection: sa.Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine


def one_at_a_time(connection: sa.Connection) -> None:
    """Hold the audit trail's lock until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_APPEND_LOCK)))


def insert(connection: sa.Connection, table: sa.Table) -> Any:
    """Return an INSERT of the database at hand, which knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


@cache
def _insert_new(dialect: str, table: sa.Table) -> Any:
    kind = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    # psycopg forgets the count with the cursor, unless SQLAlchemy is asked to keep it.
    return kind.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def insert_new(connection: sa.Connection, table: sa.Table, rows: Any) -> int:
    """Insert what is not there yet; return how many rows that was (of one row, exactly)."""
    return connection.execute(_insert_new(connection.dialect.name, table), rows).rowcount


def _set_pragmas(connection: sqlite3.Connection) -> None:
    # NORMAL may lose the last commits on power loss; "recorded before the 200" needs FULL.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA foreign_keys=ON")


def _check_sqlite(python: tuple[int, ...], library: tuple[int, ...]) -> None:
    # DBOS 3.4 asks unixepoch('subsec') from Python 3.12 on; SQLite knows it since 3.42.
    if python >= (3, 12) and library < (3, 42):
        found = ".".join(map(str, library))
        msg = (
            f"SQLite {found} is too old for Python {python[0]}.{python[1]}: "
            "install a Python built with SQLite 3.42 or later, or give a PostgreSQL URL"
        )
        raise Unsupported(msg)
