"""How a run gets into the queue: at most one queued run per sync and record."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine.records import State
from b1bridge.storage.database import insert_new
from b1bridge.storage.tables import names, runs


class Enqueue(Protocol):
    """Hands an attempt to the durable engine, inside the caller's transaction."""

    def __call__(
        self, connection: sa.Connection, *, run: str, attempt: int, ref: Ref, sweep: bool
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
    """Puts runs into the queue and back into it."""

    def __init__(self, enqueue: Enqueue) -> None:
        self._enqueue = enqueue
        self._ids = RunIds()

    def put(self, connection: sa.Connection, sync: Any, ref: Ref, at: datetime) -> tuple[str, bool]:
        """Return the run that will look at the record, and whether it is a new one.

        A queued run has read nothing yet, and one that waits will read again: both absorb
        the notice. One that waits for a person is tried again, for the record has changed.
        """
        found = self._unfinished(connection, sync.name, ref)
        if found is not None and found.state == State.WAITING:
            if found.due_at is None and not found.held_by:
                self.again(connection, found.id, at)
            return found.id, False
        if found is not None:
            return found.id, False
        return self._insert(connection, sync, ref, at)

    def again(self, connection: sa.Connection, run: str, at: datetime) -> bool:
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
            )
            .returning(runs.c.attempt, runs.c.ref)
        ).one_or_none()
        if row is None:
            return False
        self._hand_over(connection, run, row.attempt, Ref.parse(row.ref))
        return True

    def _insert(
        self, connection: sa.Connection, sync: Any, ref: Ref, at: datetime
    ) -> tuple[str, bool]:
        run = self._ids.next()
        values = {
            **_BLANK,
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
        self._hand_over(connection, run, 1, ref)
        return run, True

    def _hand_over(self, connection: sa.Connection, run: str, attempt: int, ref: Ref) -> None:
        sweep = ref.kind == "all"
        self._enqueue(connection, run=run, attempt=attempt, ref=ref, sweep=sweep)

    def _unfinished(self, connection: sa.Connection, sync: str, ref: Ref) -> Any:
        mine = {"its_ref": str(ref), "its_sync": sync}
        return connection.execute(_UNFINISHED, mine).one_or_none()


_UNFINISHED = (
    sa.select(runs.c.id, runs.c.state, runs.c.due_at, runs.c.held_by)
    .where(runs.c.ref == sa.bindparam("its_ref"), runs.c.sync == sa.bindparam("its_sync"))
    .where(sa.or_(runs.c.state == State.QUEUED, runs.c.state == State.WAITING))
    .order_by(runs.c.state)
    .limit(1)
)
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
