"""The audit trail: append-only, each row carrying the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.engine.records import Entry, Verdict
from b1bridge.engine.store import Note
from b1bridge.storage.database import Database, one_at_a_time
from b1bridge.storage.tables import audit

GENESIS = "0" * 64
_BATCH = 1000

# Statements made once: putting them together costs more than running them.
_LAST = sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_APPEND = audit.insert()


def append(connection: sa.Connection, notes: Sequence[Note]) -> None:
    """Chain notes to the end of the trail, inside the caller's transaction."""
    if not notes:
        return
    one_at_a_time(connection)
    last = connection.execute(_LAST).one_or_none()
    seq, prev_hash = (0, GENESIS) if last is None else (last.seq, last.hash)
    rows = []
    for note in notes:
        seq += 1
        row = _row(seq, note, prev_hash)
        prev_hash = row["hash"]
        rows.append(row)
    connection.execute(_APPEND, rows)


def _row(seq: int, note: Note, prev_hash: str) -> dict[str, Any]:
    row = {
        "seq": seq,
        "at": note.at,
        "actor": note.actor,
        "did": note.did,
        "ref": note.ref,
        "run": note.run,
        "step": note.step,
        "detail": note.detail,
        "request_digest": note.request_digest,
        "answer_digest": note.answer_digest,
        "milliseconds": note.milliseconds,
        "prev_hash": prev_hash,
    }
    return {**row, "hash": hash_of(row)}


def hash_of(row: dict[str, Any]) -> str:
    """Return the SHA-256 of a row, the hash of the row before it included."""
    at: datetime = row["at"]
    facts = [at.timestamp() if name == "at" else value for name, value in sorted(row.items())]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def entry_of(row: Any) -> Entry:
    """Read one row of the trail."""
    return Entry(**row._mapping)  # noqa: SLF001  # SQLAlchemy's documented name for it


async def entries(database: Database, after: int, limit: int = _BATCH) -> list[Entry]:
    """Return the rows that follow a number, in order."""
    query = sa.select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit)
    rows = await database.read(lambda db: db.execute(query).all())
    return [entry_of(row) for row in rows]


async def verify(database: Database) -> Verdict:
    """Walk the whole chain and name the first row that does not fit."""
    return await database.read(_walk)


def _walk(connection: sa.Connection) -> Verdict:
    seq, prev_hash = 0, GENESIS
    for row in _stream(connection):
        facts = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's documented name for it
        stated = facts.pop("hash")
        if row.seq != seq + 1:
            return Verdict(seq, row.seq, f"row {seq + 1} is missing")
        if row.prev_hash != prev_hash:
            return Verdict(seq, row.seq, "it does not follow the row before it")
        if hash_of(facts) != stated:
            return Verdict(seq, row.seq, "its content is not what was hashed")
        seq, prev_hash = row.seq, stated
    return Verdict(seq)


def _stream(connection: sa.Connection) -> Iterator[Any]:
    after = 0
    while True:
        query = sa.select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(_BATCH)
        rows = connection.execute(query).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].seq
