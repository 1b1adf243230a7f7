"""Runs in the database: taken up, settled, woken."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine import logbook
from b1bridge.engine.records import RunRecord, State
from b1bridge.engine.store import Begun, Problem, Settlement
from b1bridge.storage import doubts, seen
from b1bridge.storage.cases import open_case
from b1bridge.storage.database import Database
from b1bridge.storage.queueing import Queue
from b1bridge.storage.settling import settle
from b1bridge.storage.tables import UNFINISHED, connections, runs, syncs

_WAKE_BATCH = 200
_PROBE_PAUSE = timedelta(seconds=5)


class StoredRuns:
    """Runs and what becomes of them; one transaction per method."""

    def __init__(self, database: Database, queue: Queue) -> None:
        self._database = database
        self._queue = queue
        self.listeners: list[Callable[[Ref], None]] = []
        """Told of each record for which an attempt of this process has ended."""

    async def begin(
        self, run: str, attempt: int, now: datetime, shut_out: Mapping[str, datetime]
    ) -> Begun | None:
        """Take up an attempt; None when it is stale, or when it has to wait outside."""
        return await self._database.write(lambda db: _begin(db, run, attempt, now, shut_out))

    async def doubt(self, run: str, begun: Mapping[str, datetime | None]) -> None:
        """Note the writes under way, before they leave."""
        values = {"run": run, "its_doubts": doubts.dumps(begun)}
        await self._database.write(lambda db: db.execute(_DOUBT, values))

    async def settle(self, settlement: Settlement) -> None:
        """Write down how an attempt ended, with all that follows from it."""
        await self._database.write(lambda db: settle(db, self._queue, settlement))
        logbook.settled(settlement)
        for listener in self.listeners:
            listener(settlement.run.ref)

    async def wake_due(self, now: datetime, probing: Collection[str]) -> int:
        """Queue the waiting runs whose time has come; of a probed connection only one."""
        if not await self._database.read(lambda db: bool(_due(db, now, limit=1))):
            return 0
        return await self._database.write(lambda db: self._wake(db, now, probing))

    async def feed(self, most: int) -> int:
        """Take from the backlog of bulk replays until so many are under way."""
        if not await self._database.read(self._queue.waits):
            return 0
        return await self._database.write(lambda db: self._queue.feed(db, most))

    async def release(self, connection: str, now: datetime) -> None:
        """Make due what a breaker held; what a pause holds has no time and stays."""
        await self._database.write(
            lambda db: db.execute(
                sa.update(runs)
                .where(UNFINISHED, runs.c.state == State.WAITING)
                .where(runs.c.held_by == connection, runs.c.due_at.is_not(None))
                .values(due_at=now, held_by="")
            )
        )

    async def progress(self, run: str, text: str) -> None:
        """Note how far a sweep has come."""
        statement = sa.update(runs).where(runs.c.id == run).values(progress=text)
        await self._database.write(lambda db: db.execute(statement))

    async def rescue(self, run: str, attempt: int, now: datetime, *, poison: bool) -> None:
        """Take back an attempt that the durable engine gave up on."""
        await self._database.write(lambda db: _rescue(db, run, attempt, now, poison=poison))

    def _wake(self, db: sa.Connection, now: datetime, probing: Collection[str]) -> int:
        woken, probed = 0, set[str]()
        for row in _due(db, now, limit=_WAKE_BATCH):
            if row.held_by in probing:
                if row.held_by in probed:
                    _later(db, row.id, now + _PROBE_PAUSE)
                    continue
                probed.add(row.held_by)
            if _has_queued_twin(db, row):
                _supersede(db, row.id, now)
            else:
                woken += self._queue.again(db, row.id, now)
        return woken


def record_of(row: Any) -> RunRecord:
    """Read one row."""
    return RunRecord(
        id=row.id,
        sync=row.sync,
        flow=row.flow,
        ref=Ref.parse(row.ref),
        state=State(row.state),
        attempt=row.attempt,
        outcome=row.outcome,
        reason=row.reason,
        documents=tuple(Posted(*document) for document in json.loads(row.documents)),
        figures=json.loads(row.figures),
        progress=row.progress,
        due_at=row.due_at,
        held_by=row.held_by,
        queued_at=row.queued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


_source, _target = connections.alias("source"), connections.alias("target")
_TAKE_UP = (
    sa.select(
        runs,
        syncs.c.options,
        sa.func.coalesce(_source.c.paused, sa.false()).label("source_paused"),
        sa.func.coalesce(_target.c.paused, sa.false()).label("target_paused"),
    )
    .select_from(runs)
    .outerjoin(syncs, syncs.c.name == runs.c.sync)
    .outerjoin(_source, _source.c.name == runs.c.source)
    .outerjoin(_target, _target.c.name == runs.c.target)
    .where(runs.c.id == sa.bindparam("run"))
)
_DOUBT = (
    sa.update(runs)
    .where(runs.c.id == sa.bindparam("run"))
    .values(doubts=sa.bindparam("its_doubts"))
)
_RUNNING = (
    sa.update(runs)
    .where(runs.c.id == sa.bindparam("run"))
    .values(state=State.RUNNING, started_at=sa.bindparam("now"))
)


def _begin(
    db: sa.Connection, run: str, attempt: int, now: datetime, shut_out: Mapping[str, datetime]
) -> Begun | None:
    row = db.execute(_TAKE_UP, {"run": run}).one_or_none()
    if row is None or row.attempt != attempt or row.state not in (State.QUEUED, State.RUNNING):
        return None
    held_by = _held_by(row, shut_out)
    if held_by:
        values = {"state": State.WAITING, "held_by": held_by, "due_at": shut_out.get(held_by)}
        db.execute(sa.update(runs).where(runs.c.id == run).values(values))
        return None
    db.execute(_RUNNING, {"run": run, "now": now})
    options = {} if row.options is None else json.loads(row.options)
    in_doubt = doubts.about(db, row.ref, row.target, now)
    version = seen.version(db, row.sync, row.ref)
    return Begun(record_of(row), row.source, row.target, options, row.failures, in_doubt, version)


def _held_by(row: Any, shut_out: Mapping[str, datetime]) -> str:
    if row.source_paused:
        return str(row.source)
    if row.target_paused:
        return str(row.target)
    return next((name for name in (row.source, row.target) if name in shut_out), "")


def _due(db: sa.Connection, now: datetime, *, limit: int) -> list[Any]:
    query = (
        sa.select(runs.c.id, runs.c.sync, runs.c.ref, runs.c.held_by)
        .where(UNFINISHED, runs.c.state == State.WAITING, runs.c.due_at <= now)
        # The least tried first: a record that always fails must not be a line's only probe.
        .order_by(runs.c.attempt, runs.c.due_at, runs.c.id)
        .limit(limit)
    )
    return list(db.execute(query).all())


def _later(db: sa.Connection, run: str, due_at: datetime) -> None:
    db.execute(sa.update(runs).where(runs.c.id == run).values(due_at=due_at))


def _has_queued_twin(db: sa.Connection, row: Any) -> bool:
    query = sa.select(runs.c.id).where(
        runs.c.ref == row.ref, runs.c.sync == row.sync, runs.c.state == State.QUEUED
    )
    return db.execute(query.limit(1)).one_or_none() is not None


def _supersede(db: sa.Connection, run: str, now: datetime) -> None:
    values = {
        "state": State.FINISHED,
        "outcome": "skipped",
        "reason": "a newer run looks at this record",
        "due_at": None,
        "finished_at": now,
    }
    db.execute(sa.update(runs).where(runs.c.id == run).values(values))


def _rescue(db: sa.Connection, run: str, attempt: int, now: datetime, *, poison: bool) -> None:
    state, due_at = (State.DEAD, None) if poison else (State.WAITING, now)
    row = db.execute(
        sa.update(runs)
        .where(runs.c.id == run, runs.c.attempt == attempt)
        .where(runs.c.state.in_([State.QUEUED, State.RUNNING]))
        .values(state=state, due_at=due_at)
        .returning(runs.c.flow, runs.c.ref)
    ).one_or_none()
    if row is not None and poison:
        problem = Problem(
            reason="UNKNOWN",
            message=f"{row.ref}: the process died again and again while it ran",
            fix="report it with the worker's log; retry after the update",
        )
        open_case(db, problem, flow=row.flow, ref=row.ref, run=run, at=now)
