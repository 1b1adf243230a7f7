"""How a run gets into the queue: at most one queued run per sync and record."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Lane
from b1bridge.engine.lanes import Lanes, Pace
from b1bridge.engine.records import State
from b1bridge.storage.database import insert_new
from b1bridge.storage.tables import NOT_LIVE, names, runs


class Enqueue(Protocol):
    """Hands an attempt to the durable engine, inside the caller's transaction."""

    def __call__(
        self,
        connection: sa.Connection,
        *,
        run: str,
        attempt: int,
        ref: Ref,
        lane: Lane,
        slow: bool = False,
    ) -> None:
        """Enqueue; nothing happens unless the transaction commits."""
        ...


class RunIds:
    """Ids that sort in the order they were given out, whatever the clock's resolution."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._salt = os.urandom(3).hex()

    def next(self) -> str:
        """Return an id later than every earlier one of this process."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            return f"{self._last:014x}{self._salt}"


class Queue:
    """Puts runs into the queue and back into it.

    What is put there `slow` belongs to a bulk replay: it lies in the backlog until `feed` or
    `feed_one` hands it over.
    """

    def __init__(self, enqueue: Enqueue, lanes: Lanes) -> None:
        self._enqueue = enqueue
        self._lanes = lanes
        self._ids = RunIds()

    def put(
        self, connection: sa.Connection, sync: Any, ref: Ref, at: datetime, *, slow: bool = False
    ) -> tuple[str, bool]:
        """Return the run that will look at the record, and whether it is a new one.

        A queued run has read nothing yet, and one that waits will read again: both absorb
        the notice. One that waits for a person is tried again, for the record has changed;
        one in the backlog need not wait any longer.
        """
        found = self._unfinished(connection, sync.name, ref)
        if found is not None and found.state == State.WAITING:
            if found.due_at is None and not found.held_by:
                self.again(connection, found.id, at, slow=slow)
            return found.id, False
        if found is not None:
            if found.pace == Pace.BACKLOG and not slow:
                self._from_backlog(connection, [found.id], Pace.LIVE)
            return found.id, False
        return self._insert(connection, sync, ref, at, Pace.BACKLOG if slow else Pace.LIVE)

    def waits(self, connection: sa.Connection) -> bool:
        """Tell whether anything lies in the backlog."""
        return connection.execute(_BACKLOG.limit(1)).one_or_none() is not None

    def feed(self, connection: sa.Connection, most: int) -> int:
        """Take from the backlog until so many slow runs are under way; return how many."""
        under_way = connection.execute(_SLOW_UNDER_WAY).scalar_one()
        return self._feed(connection, most - under_way)

    def feed_one(self, connection: sa.Connection) -> None:
        """Take one from the backlog in the place of a slow run that has just ended."""
        self._feed(connection, 1)

    def again(
        self, connection: sa.Connection, run: str, at: datetime, *, slow: bool = False
    ) -> bool:
        """Queue a waiting or dead run for another attempt, from its start."""
        row = connection.execute(
            sa.update(runs)
            .where(runs.c.id == run, runs.c.state.in_([State.WAITING, State.DEAD]))
            .values(
                state=State.QUEUED,
                attempt=runs.c.attempt + 1,
                # What waited without a time waited for a person, who grants it new patience.
                failures=sa.case((runs.c.due_at.is_(None), 0), else_=runs.c.failures),
                due_at=None,
                held_by="",
                queued_at=at,
                pace=Pace.BACKLOG if slow else Pace.LIVE,
            )
            .returning(*_HANDED_OVER)
        ).one_or_none()
        if row is not None and not slow:
            self._hand_over(connection, row)
        return row is not None

    def _feed(self, connection: sa.Connection, room: int) -> int:
        if room <= 0:
            return 0
        chosen = connection.execute(_BACKLOG.limit(room)).scalars().all()
        return self._from_backlog(connection, chosen, Pace.SLOW) if chosen else 0

    def _from_backlog(self, connection: sa.Connection, chosen: Sequence[str], pace: Pace) -> int:
        taken = connection.execute(
            sa.update(runs)
            .where(runs.c.id.in_(chosen), runs.c.pace == Pace.BACKLOG)
            .values(pace=pace)
            .returning(*_HANDED_OVER)
        ).all()
        for row in sorted(taken, key=lambda row: row.id):
            self._hand_over(connection, row)
        return len(taken)

    def _insert(
        self, connection: sa.Connection, sync: Any, ref: Ref, at: datetime, pace: Pace
    ) -> tuple[str, bool]:
        run = self._ids.next()
        values = {
            **_BLANK,
            "pace": pace,
            "id": run,
            "sync": sync.name,
            "flow": sync.flow,
            "source": sync.source,
            "target": sync.target,
            "ref": str(ref),
            "queued_at": at,
        }
        if not insert_new(connection, runs, values):
            found = self._unfinished(connection, sync.name, ref)
            return ("" if found is None else found.id), False
        insert_new(connection, names, {"text": ref.id, "ref": str(ref)})
        if pace is Pace.LIVE:
            lane = self._lanes.of(sync.flow, ref)
            self._enqueue(connection, run=run, attempt=1, ref=ref, lane=lane)
        return run, True

    def _hand_over(self, connection: sa.Connection, row: Any) -> None:
        ref = Ref.parse(row.ref)
        self._enqueue(
            connection,
            run=row.id,
            attempt=row.attempt,
            ref=ref,
            lane=self._lanes.of(row.flow, ref),
            slow=row.pace == Pace.SLOW,
        )

    def _unfinished(self, connection: sa.Connection, sync: str, ref: Ref) -> Any:
        mine = {"its_ref": str(ref), "its_sync": sync}
        return connection.execute(_UNFINISHED, mine).one_or_none()


_UNFINISHED = (
    sa.select(runs.c.id, runs.c.state, runs.c.due_at, runs.c.held_by, runs.c.pace)
    .where(runs.c.ref == sa.bindparam("its_ref"), runs.c.sync == sa.bindparam("its_sync"))
    .where(sa.or_(runs.c.state == State.QUEUED, runs.c.state == State.WAITING))
    .order_by(runs.c.state)
    .limit(1)
)
_HANDED_OVER = (runs.c.id, runs.c.attempt, runs.c.ref, runs.c.flow, runs.c.pace)
_SLOW_UNDER_WAY = sa.select(sa.func.count()).where(NOT_LIVE, runs.c.pace == Pace.SLOW)
_BACKLOG = sa.select(runs.c.id).where(NOT_LIVE, runs.c.pace == Pace.BACKLOG).order_by(runs.c.id)
_BLANK = {
    "state": State.QUEUED,
    "attempt": 1,
    "failures": 0,
    "outcome": "",
    "reason": "",
    "documents": json.dumps([]),
    "figures": json.dumps({}),
    "progress": "",
    "doubts": json.dumps({}),
    "held_by": "",
    "due_at": None,
    "started_at": None,
    "finished_at": None,
}
