"""The books themselves: one database, its transaction, its clock, and small cached tables."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from b1sim.company.changes import Change, Event
from b1sim.company.outside import Outside
from b1sim.company.settings import CompanySettings
from b1sim.company.shape import schema
from b1sim.company.shape.known import PLAIN, Known, Sets
from b1sim.company.shape.values import amount, stored

Row = dict[str, Any]


@dataclass
class Books:
    """What every posting rule needs in hand."""

    db: sqlite3.Connection
    settings: CompanySettings
    clock: Callable[[], datetime]
    known: Known = PLAIN
    outside: Outside = field(default_factory=Outside)
    user: str = "manager"
    """Who is asking, by code; whoever speaks for others says so before each request."""
    noted: list[Change] = field(default_factory=list)
    """What was written and nobody has been told of yet."""
    _cache: dict[tuple[str, Any], Row] = field(default_factory=dict)
    _depth: int = 0

    @property
    def sets(self) -> Sets:
        """Return the entity sets as the Service Layer knows them."""
        return self.known.sets

    def now(self) -> datetime:
        """Return the wall clock of the company's server."""
        return self.clock().astimezone(ZoneInfo(self.settings.time_zone))

    def today(self) -> str:
        """Return the company's date as the books write it."""
        return self.now().date().isoformat()

    @contextmanager
    def asked_by(self, user: str) -> Iterator[None]:
        """Let what happens inside be asked by a user."""
        before, self.user = self.user, user
        try:
            yield
        finally:
            self.user = before

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all or nothing of what happens inside; nests."""
        name = f"depth{self._depth}"
        self.db.execute("BEGIN IMMEDIATE" if self._depth == 0 else f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            self._cache.clear()
            self.noted.clear()
            self.db.execute("ROLLBACK" if self._depth == 0 else f"ROLLBACK TO {name}")
            raise
        self._depth -= 1
        self.db.execute("COMMIT" if self._depth == 0 else f"RELEASE {name}")

    def note(self, entity_set: str, event: Event, **key: Any) -> None:
        """Note that an entity was written; the key is by property names."""
        self.noted.append(Change(entity_set, key, event))

    def row(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row by column name."""
        cursor = self.db.execute(sql, params)
        found = cursor.fetchone()
        if found is None:
            return None
        return dict(zip((column[0] for column in cursor.description), found, strict=True))

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return all rows by column name."""
        cursor = self.db.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, found, strict=True)) for found in cursor]

    def figure(self, sql: str, params: Sequence[Any] = ()) -> Decimal:
        """Return one amount; null and no row count as zero."""
        found = self.db.execute(sql, params).fetchone()
        return amount(found[0]) if found else Decimal(0)

    def master(self, table: str, code: Any) -> Row | None:
        """Return a row of master data by its key, from memory where possible."""
        key = (table, code)
        found = self._cache.get(key)
        if found is None and code is not None:
            found = self.row(f"SELECT * FROM {table} WHERE {self._matches(table)}", (code,))  # noqa: S608 - table names are our own
            if found is not None:
                self._cache[key] = found
        return found

    def recall(self, sql: str, params: tuple[Any, ...]) -> Row | None:
        """Return the first row of a question about master data, from memory where possible."""
        key = (sql, params)
        found = self._cache.get(key)
        if found is None:
            found = self.row(sql, params)
            if found is not None:
                self._cache[key] = found
        return found

    def is_empty(self, table: str) -> bool:
        """Tell whether a table has no rows, from memory where possible."""
        key = (table, None)
        found = self._cache.get(key)
        if found is None:
            found = {"empty": self.row(f"SELECT 1 FROM {table} LIMIT 1") is None}  # noqa: S608 - table names are our own
            self._cache[key] = found
        return bool(found["empty"])

    def _matches(self, table: str) -> str:
        collation = "" if self.settings.case_sensitive else " COLLATE NOCASE"
        return f'"{schema.key_columns(table)[0]}" = ?{collation}'

    def forget(self) -> None:
        """Drop what is remembered of master data, after some of it changed."""
        self._cache.clear()

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows; columns that a row does not name stay null."""
        if not rows:
            return
        named = set().union(*rows)
        columns = tuple(column for column in schema.TABLES[table] if column in named)
        self.db.executemany(
            schema.insert_sql(table, columns),
            [[_kept(row.get(column)) for column in columns] for row in rows],
        )

    def update(self, table: str, key: Row, changes: Row) -> None:
        """Change the rows that match the key exactly."""
        if not changes:
            return
        sets = ", ".join(f'"{column}" = ?' for column in changes)
        where = " AND ".join(f'"{column}" = ?' for column in key)
        params = [_kept(value) for value in (*changes.values(), *key.values())]
        self.db.execute(f'UPDATE "{table}" SET {sets} WHERE {where}', params)  # noqa: S608 - own names

    def next_number(self, counter: str) -> int:
        """Count up one of the company's counters, starting at 1."""
        sql = """INSERT INTO SIM_COUNTERS VALUES (?, 1)
            ON CONFLICT (Name) DO UPDATE SET Value = Value + 1 RETURNING Value"""
        return int(self.db.execute(sql, (counter,)).fetchall()[0][0])


def _kept(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return json.dumps(value, default=_plain) if value else None
    return stored(value) if kind is Decimal else value


def _plain(value: Any) -> float:
    return float(value)


def extra_of(row: Row) -> dict[str, Any]:
    """Read the properties of a row that have no column."""
    text = row.get("Extra")
    found: dict[str, Any] = json.loads(text, parse_float=Decimal) if text else {}
    return found
