"""Which processes are alive, and what is forgotten when its time is over."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from b1bridge.engine.records import State
from b1bridge.storage.database import Database, insert
from b1bridge.storage.tables import executors, names, runs, seen

_RECOVERY_LOCK = 0x623163


class StoredExecutors:
    """A heartbeat per process; the dead are found by their silence."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, executor: str, at: datetime) -> None:
        """Say that this process lives."""

        def work(db: sa.Connection) -> None:
            statement = insert(db, executors).values(id=executor, beat_at=at)
            db.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"beat_at": at}))

        await self._database.write(work)

    async def leave(self, executor: str) -> None:
        """Say that this process has ended well."""
        statement = sa.delete(executors).where(executors.c.id == executor)
        await self._database.write(lambda db: db.execute(statement))

    async def forget(self, ids: list[str]) -> None:
        """Strike dead processes off the list, once their runs are queued again."""
        statement = sa.delete(executors).where(executors.c.id.in_(ids))
        await self._database.write(lambda db: db.execute(statement))

    async def silent_since(self, moment: datetime) -> list[str]:
        """Return processes not heard of since; only one caller at a time gets an answer."""

        def work(db: sa.Connection) -> list[str]:
            if db.dialect.name == "postgresql":
                lock = sa.select(sa.func.pg_try_advisory_xact_lock(_RECOVERY_LOCK))
                if not db.execute(lock).scalar():
                    return []
            query = sa.select(executors.c.id).where(executors.c.beat_at < moment)
            return list(db.execute(query).scalars())

        return await self._database.write(work)


async def forget_runs(database: Database, before: datetime, batch: int = 500) -> int:
    """Delete a batch of runs finished before a moment; return how many."""

    def work(db: sa.Connection) -> int:
        old = (
            sa.select(runs.c.id)
            .where(runs.c.state == State.FINISHED, runs.c.finished_at < before)
            .limit(batch)
        )
        gone = db.execute(sa.delete(runs).where(runs.c.id.in_(old)).returning(runs.c.ref))
        refs = list(gone.scalars())
        kept = sa.select(runs.c.ref).where(runs.c.ref.in_(refs))
        for table in (names, seen):
            forgotten = sa.delete(table).where(table.c.ref.in_(refs), table.c.ref.not_in(kept))
            db.execute(forgotten)
        return len(refs)

    return await database.write(work)
