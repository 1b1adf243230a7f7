"""What a person decides about a case, written down with their name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.engine.records import CaseState, State
from b1bridge.engine.store import Note
from b1bridge.errors import NeedsOperator
from b1bridge.storage import audit, seen
from b1bridge.storage.cases import UNDECIDED_STATES
from b1bridge.storage.connections import release_held
from b1bridge.storage.database import Database
from b1bridge.storage.queueing import Queue
from b1bridge.storage.tables import cases, connections, in_flight, runs


class Decisions:
    """Retries and ignores cases; each decision is one transaction with its audit line."""

    def __init__(self, database: Database, queue: Queue) -> None:
        self._database = database
        self._queue = queue

    async def retry(self, id_: int, actor: str, at: datetime, *, slow: bool = False) -> None:
        """Try the run of a case again from its start; a connection's case resumes it.

        One of many is `slow`: it never takes the place of what comes in live.
        """

        def work(db: sa.Connection) -> None:
            case = _undecided(db, id_)
            if case.run:
                seen.forget(db, ref=case.ref)
                self._queue.again(db, case.run, at, slow=slow)
                _mark(db, id_, {"state": CaseState.RETRIED})
            else:
                _resume(db, case.connection, at)
                words = {"closed_at": at, "closed_by": actor, "closing_words": "resumed"}
                _mark(db, id_, {"state": CaseState.RESOLVED, **words})
            audit.append(db, [_note(case, actor, "retry", at, "")])

        await self._database.write(work)

    async def ignore(self, id_: int, reason: str, actor: str, at: datetime) -> None:
        """Close a case and leave its run unposted; what it held of the stock is free again.

        The record is looked at again only when it has changed.
        """

        def work(db: sa.Connection) -> None:
            case = _undecided(db, id_)
            words = {"closed_at": at, "closed_by": actor, "closing_words": reason}
            _mark(db, id_, {"state": CaseState.IGNORED, **words})
            for sync in _ended(db, case.run, f"ignored by {actor}: {reason}", at):
                seen.ignore(db, sync, case.ref)
            db.execute(sa.delete(in_flight).where(in_flight.c.ref == case.ref))
            audit.append(db, [_note(case, actor, "ignore", at, reason)])

        await self._database.write(work)


def _undecided(db: sa.Connection, id_: int) -> Any:
    case = db.execute(sa.select(cases).where(cases.c.id == id_)).one_or_none()
    if case is None or case.state not in UNDECIDED_STATES:
        stands = "does not exist" if case is None else f"is {case.state} already"
        msg = f"case {id_} {stands}"
        raise NeedsOperator(msg, reason="NO_OPEN_CASE", fix="list the open cases")
    return case


def _ended(db: sa.Connection, run: str, reason: str, at: datetime) -> list[str]:
    """End a run that waits or is dead, unposted; return its sync, if it was one."""
    ended = (
        sa.update(runs)
        .where(runs.c.id == run)
        .where(runs.c.state.in_([State.WAITING, State.DEAD]))
        .values(state=State.FINISHED, outcome="skipped", reason=reason, due_at=None, finished_at=at)
    )
    return list(db.execute(ended.returning(runs.c.sync)).scalars())


def _mark(db: sa.Connection, id_: int, values: dict[str, Any]) -> None:
    db.execute(sa.update(cases).where(cases.c.id == id_).values(values))


def _resume(db: sa.Connection, connection: str, at: datetime) -> None:
    db.execute(
        sa.update(connections)
        .where(connections.c.name == connection)
        .values(paused=False, paused_because="")
    )
    release_held(db, at)


def _note(case: Any, actor: str, did: str, at: datetime, detail: str) -> Note:
    what = f"case {case.id} {case.reason}"
    return Note(
        at=at,
        actor=actor,
        did=did,
        ref=case.ref,
        run=case.run,
        detail=f"{what}: {detail}" if detail else what,
    )
