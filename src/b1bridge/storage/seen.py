"""Which version of a record has been dealt with: by a run, or by a person who ignored its case."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from b1bridge.engine.records import State
from b1bridge.engine.store import Settlement
from b1bridge.storage.database import insert
from b1bridge.storage.tables import seen

_SETTLED = timedelta(seconds=2)
"""Shops state whole seconds: what was read sooner may have changed once more in that second."""

_OF = sa.select(seen.c.version, seen.c.read_at).where(
    seen.c.sync == sa.bindparam("its_sync"),
    seen.c.ref == sa.bindparam("its_ref"),
    seen.c.in_case.is_(False),
)


def version(db: sa.Connection, sync: str, ref: str) -> str:
    """Return the version that was dealt with last, or nothing."""
    row = db.execute(_OF, {"its_sync": sync, "its_ref": ref}).one_or_none()
    return "" if row is None else str(row.version)


def knows(db: sa.Connection, sync: str, ref: str, changed: datetime) -> bool:
    """Tell whether the record as it stands since this change has been dealt with."""
    row = db.execute(_OF, {"its_sync": sync, "its_ref": ref}).one_or_none()
    if row is None:
        return False
    modified, _, _ = str(row.version).partition(" ")
    return modified == changed.isoformat() and bool(row.read_at - changed >= _SETTLED)


def note(db: sa.Connection, end: Settlement) -> bool:
    """Note what a run has seen, and whether it ended in a case; tell whether it is news."""
    if end.seen is None:
        return True
    run = end.run
    before = version(db, run.sync, str(run.ref))
    facts = {"version": end.seen.version, "read_at": end.seen.read_at}
    facts["in_case"] = end.state != State.FINISHED
    statement = insert(db, seen).values(sync=run.sync, ref=str(run.ref), **facts)
    db.execute(statement.on_conflict_do_update(index_elements=["sync", "ref"], set_=facts))
    return before != end.seen.version


def ignore(db: sa.Connection, sync: str, ref: str) -> None:
    """Take what led to a case for dealt with, until the record changes."""
    of = (seen.c.sync == sync, seen.c.ref == ref)
    db.execute(sa.update(seen).where(*of).values(in_case=False))


def forget(db: sa.Connection, *, sync: str | None = None, ref: str | None = None) -> None:
    """Let the next run of a sync, of a record, or of both look at everything again."""
    statement = sa.delete(seen)
    if sync is not None:
        statement = statement.where(seen.c.sync == sync)
    if ref is not None:
        statement = statement.where(seen.c.ref == ref)
    db.execute(statement)
