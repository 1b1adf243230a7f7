"""How an attempt's end is written down: run, case, follow-up runs and audit in one commit."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from b1bridge.engine.lanes import Pace
from b1bridge.engine.records import State
from b1bridge.engine.store import Problem, Settlement
from b1bridge.storage import audit, doubts, seen
from b1bridge.storage.cases import open_case, resolve
from b1bridge.storage.database import insert_new
from b1bridge.storage.queueing import Queue
from b1bridge.storage.tables import connections, names, runs, syncs

_END = (
    sa.update(runs)
    .where(runs.c.id == sa.bindparam("run"), runs.c.attempt == sa.bindparam("its_attempt"))
    .where(runs.c.state == State.RUNNING)
    .values(
        {
            name: sa.bindparam(name)
            for name in (
                "state",
                "failures",
                "outcome",
                "reason",
                "documents",
                "figures",
                "doubts",
                "due_at",
                "held_by",
                "finished_at",
            )
        }
    )
    .returning(runs.c.pace)
)
_SUPERSEDE = (
    sa.update(runs)
    .where(runs.c.ref == sa.bindparam("its_ref"), runs.c.sync == sa.bindparam("its_sync"))
    .where(runs.c.state == State.WAITING, runs.c.id < sa.bindparam("run"))
    .values(
        state=State.FINISHED,
        outcome="skipped",
        reason="a newer run looked at this record",
        due_at=None,
        finished_at=sa.bindparam("now"),
    )
)

_NEIGHBOURS = (
    sa.select(syncs)
    .join(runs, (syncs.c.source == runs.c.source) & (syncs.c.target == runs.c.target))
    .where(runs.c.id == sa.bindparam("run"), syncs.c.enabled)
)


def settle(db: sa.Connection, queue: Queue, end: Settlement) -> None:
    """Write the end of an attempt; a stale one changes nothing."""
    run = end.run
    ended = db.execute(_END, {"run": run.id, "its_attempt": run.attempt, **_values(end)})
    pace = ended.scalar_one_or_none()
    if pace is None:
        return
    if pace == Pace.SLOW:
        queue.feed_one(db)
    _supersede_older(db, end)
    if end.state == State.FINISHED:
        resolve(db, flow=run.flow, ref=str(run.ref), at=end.at, words=f"run {run.id} came through")
    elif end.pauses:
        _pause(db, end)
    elif end.problem is not None:
        open_case(db, end.problem, flow=run.flow, ref=str(run.ref), run=run.id, at=end.at)
    _name(db, end)
    _follow_up(db, queue, end, news=seen.note(db, end))
    audit.append(db, end.notes)


def _values(end: Settlement) -> dict[str, Any]:
    over = end.state in (State.FINISHED, State.DEAD)
    return {
        "state": end.state,
        "failures": end.failures,
        "outcome": end.outcome,
        "reason": end.reason,
        "documents": json.dumps([[d.kind, d.entry, d.number] for d in end.documents]),
        "figures": json.dumps(dict(end.figures)),
        "doubts": doubts.dumps(end.doubts),
        "due_at": end.due_at,
        "held_by": end.held_by,
        "finished_at": end.at if over else None,
    }


def _supersede_older(db: sa.Connection, end: Settlement) -> None:
    run = end.run
    mine = {"its_ref": str(run.ref), "its_sync": run.sync, "run": run.id, "now": end.at}
    db.execute(_SUPERSEDE, mine)


def _pause(db: sa.Connection, end: Settlement) -> None:
    stopped = db.execute(
        sa.update(connections)
        .where(connections.c.name == end.pauses, connections.c.paused.is_(False))
        .values(paused=True, paused_because=end.reason)
    )
    if stopped.rowcount:
        problem = end.problem or Problem(reason="AUTH", message=end.reason, fix="")
        open_case(db, problem, flow="", ref=end.pauses, run="", at=end.at)


def _name(db: sa.Connection, end: Settlement) -> None:
    if end.numbers:
        rows = [{"text": number, "ref": str(end.run.ref)} for number in set(end.numbers)]
        insert_new(db, names, rows)


def _follow_up(db: sa.Connection, queue: Queue, end: Settlement, *, news: bool) -> None:
    """Queue what comes next; what follows news looks at everything itself."""
    if not end.then:
        return
    run = end.run
    for sync in db.execute(_NEIGHBOURS, {"run": run.id}).all():
        if sync.flow not in end.then:
            continue
        if news:
            seen.forget(db, sync=sync.name, ref=str(run.ref))
        queue.put(db, sync, run.ref, end.at)
