"""Syncs: flows switched on between two connections, and when each looks next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine.looking import look_sync
from b1bridge.engine.looking_again import again_sync
from b1bridge.engine.metering import budget_sync
from b1bridge.engine.records import Schedule, Sync
from b1bridge.engine.store import Note
from b1bridge.engine.subscribing import webhooks_sync
from b1bridge.engine.sweeping import sweep_sync
from b1bridge.errors import NeedsOperator
from b1bridge.storage import audit, seen
from b1bridge.storage.database import Database, insert
from b1bridge.storage.queueing import Queue
from b1bridge.storage.tables import links, syncs
from b1bridge.storage.tables import seen as seen_rows

_BATCH = 500


class StoredSyncs:
    """Keeps syncs and queues runs of them by hand or by the clock."""

    def __init__(self, database: Database, queue: Queue) -> None:
        self._database = database
        self._queue = queue

    async def add(self, sync: Sync, watches: str, at: datetime) -> None:
        """Keep a sync; one of this name is replaced, and its schedule starts anew."""
        facts = {
            "flow": sync.flow,
            "watches": watches,
            "source": sync.source,
            "target": sync.target,
            "options": json.dumps(dict(sync.options)),
            "every": sync.schedule.every,
            "cron": sync.schedule.cron,
            "quiet": sync.schedule.quiet,
            "time_zone": sync.schedule.time_zone,
            "enabled": sync.enabled,
            "next_look_at": None,
        }
        state = "on" if sync.enabled else "off"
        note = Note(at=at, actor="operator", did="sync", detail=f"{sync.name} switched {state}")

        def work(db: sa.Connection) -> None:
            statement = insert(db, syncs).values(name=sync.name, **facts)
            db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=facts))
            seen.forget(db, sync=sync.name)
            audit.append(db, [note])

        await self._database.write(work)

    async def syncs(self) -> list[Sync]:
        """Return every sync."""
        query = sa.select(syncs).order_by(syncs.c.name)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return [_sync(row) for row in rows]

    async def due_times(self) -> Mapping[str, datetime]:
        """Return when each sync is to look next, as far as it has been planned."""
        query = sa.select(syncs.c.name, syncs.c.next_look_at)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return {row.name: row.next_look_at for row in rows if row.next_look_at is not None}

    async def plan(self, sync: str, due_at: datetime | None) -> None:
        """Note when a sync is to look next."""
        statement = sa.update(syncs).where(syncs.c.name == sync).values(next_look_at=due_at)
        await self._database.write(lambda db: db.execute(statement))

    async def queue(self, sync: str, ref: Ref, actor: str, at: datetime) -> str:
        """Queue a run unless one is queued already; return its id."""

        def work(db: sa.Connection) -> str:
            run, _ = self._queue.put(db, _row(db, sync), ref, at)
            if actor:
                seen.forget(db, ref=str(ref))
                note = Note(at=at, actor=actor, did="start", ref=str(ref), run=run, detail=sync)
                audit.append(db, [note])
            return run

        return await self._database.write(work)

    async def queue_bulk(
        self, sync: str, refs: Sequence[Ref], actor: str, at: datetime, *, anew: bool
    ) -> None:
        """Queue a run for each record, behind all that comes in live; `anew` forgets what was seen.

        Raises NeedsOperator when there is no such sync.
        """

        def work(db: sa.Connection) -> None:
            row = _row(db, sync)
            runs = [self._queue.put(db, row, ref, at, slow=True)[0] for ref in refs]
            if anew:
                for ref in refs:
                    seen.forget(db, ref=str(ref))
            of = zip(refs, runs, strict=True)
            notes = [
                Note(at=at, actor=actor, did="start", ref=str(ref), run=run, detail=sync)
                for ref, run in of
            ]
            audit.append(db, notes)

        await self._database.write(work)

    async def queue_sweeps(self, window: str, at: datetime) -> int:
        """Queue a sweep for gaps of every source and kind that is watched; return how many."""
        watched = (
            sa.select(syncs.c.source, syncs.c.watches)
            .where(syncs.c.enabled, syncs.c.watches != "schedule")
            .distinct()
        )

        def work(db: sa.Connection) -> int:
            rows = db.execute(watched.order_by(syncs.c.source, syncs.c.watches)).all()
            for row in rows:
                self._queue.put(db, *sweep_sync(row.source, row.watches, window), at)
            return len(rows)

        return await self._database.write(work)

    async def queue_look(self, source: str, kind: str, at: datetime) -> str:
        """Queue a look for changed records of a kind; return the run's id."""
        return await self._queue_own(*look_sync(source, kind), at)

    async def queue_webhooks(self, source: str, at: datetime) -> str:
        """Queue a look at a shop's webhooks; return the run's id."""
        return await self._queue_own(*webhooks_sync(source), at)

    async def queue_day(self, sync: Sync, at: datetime) -> str:
        """Queue a look at whether a new day has begun for a sync; return the run's id."""
        return await self._queue_own(*again_sync(sync), at)

    async def queue_again(self, sync: str, at: datetime) -> int:
        """Queue every record that a sync has dealt with, behind all that is live; return how many.

        What was dealt with is linked, or a version of it was seen.
        """
        wanted = sa.select(syncs).where(syncs.c.name == sync, syncs.c.enabled)
        row = await self._database.read(lambda db: db.execute(wanted).one_or_none())
        if row is None:
            return 0
        refs = await self._database.read(lambda db: db.execute(_dealt_with(row)).scalars().all())
        for begin in range(0, len(refs), _BATCH):
            few = refs[begin : begin + _BATCH]
            await self._database.write(partial(self._put_slow, row, few, at))
        return len(refs)

    def _put_slow(self, row: Any, refs: Sequence[str], at: datetime, db: sa.Connection) -> None:
        for ref in refs:
            self._queue.put(db, row, Ref.parse(ref), at, slow=True)

    async def queue_budget(self, source: str, at: datetime) -> str:
        """Queue a look at what the day of a connection costs; return the run's id."""
        return await self._queue_own(*budget_sync(source), at)

    async def _queue_own(self, sync: Sync, ref: Ref, at: datetime) -> str:
        run, _ = await self._database.write(lambda db: self._queue.put(db, sync, ref, at))
        return run


def _dealt_with(sync: Any) -> Any:
    of_kind = f"{sync.source}/{sync.watches}/"
    linked = sa.select(links.c.ref).where(links.c.ref.startswith(of_kind, autoescape=True))
    known = sa.select(seen_rows.c.ref).where(seen_rows.c.sync == sync.name)
    return sa.union(linked, known).order_by("ref")


def _row(db: sa.Connection, sync: str) -> Any:
    row = db.execute(sa.select(syncs).where(syncs.c.name == sync)).one_or_none()
    if row is None:
        msg = f"there is no sync named {sync}"
        raise NeedsOperator(msg, reason="UNKNOWN_SYNC", fix="list the syncs")
    return row


def _sync(row: Any) -> Sync:
    schedule = Schedule(every=row.every, cron=row.cron, quiet=row.quiet, time_zone=row.time_zone)
    return Sync(
        name=row.name,
        flow=row.flow,
        source=row.source,
        target=row.target,
        options=json.loads(row.options),
        schedule=schedule,
        enabled=row.enabled,
    )
