"""What people ask of the hub's memory: counts, lists, and the story of a record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from b1bridge.engine import looking, subscribing, sweeping
from b1bridge.engine.records import Case, RunRecord, State, Story
from b1bridge.storage.audit import entry_of
from b1bridge.storage.cases import UNDECIDED_STATES, case_of
from b1bridge.storage.database import Database
from b1bridge.storage.runs import record_of
from b1bridge.storage.tables import UNFINISHED, audit, cases, counters, inbox, links, names, runs

_LOOKS = (looking.NAME, sweeping.NAME, subscribing.NAME)
"""Flows of the platform itself; they are not what an operator counts."""


class Views:
    """Reads; never writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def idle(self) -> bool:
        """Tell whether nothing is queued, running, or waiting for its time."""
        busy = sa.or_(
            runs.c.state.in_([State.QUEUED, State.RUNNING]),
            sa.and_(runs.c.state == State.WAITING, runs.c.due_at.is_not(None)),
        )
        query = sa.select(runs.c.id).where(UNFINISHED, busy).limit(1)
        return await self._database.read(lambda db: db.execute(query).one_or_none()) is None

    async def counts(self) -> dict[str, int]:
        """Return runs per state, open cases, and the counters."""

        def work(db: sa.Connection) -> dict[str, int]:
            found: dict[str, int] = dict.fromkeys(State, 0)
            per_state = (
                sa.select(runs.c.state, sa.func.count())
                .where(runs.c.flow.not_in(_LOOKS))
                .group_by(runs.c.state)
            )
            found |= {str(state): number for state, number in db.execute(per_state)}
            undecided = sa.select(sa.func.count()).where(cases.c.state.in_(UNDECIDED_STATES))
            found["open cases"] = db.execute(undecided).scalar_one()
            found |= {row.name: row.value for row in db.execute(sa.select(counters))}
            return {str(name): number for name, number in found.items()}

        return await self._database.read(work)

    async def run(self, id_: str) -> RunRecord | None:
        """Return one run."""
        query = sa.select(runs).where(runs.c.id == id_)
        row = await self._database.read(lambda db: db.execute(query).one_or_none())
        return None if row is None else record_of(row)

    async def runs(self, state: str | None, sync: str | None, limit: int) -> list[RunRecord]:
        """Return the newest runs first; looks for changes only when their sync is asked for."""
        query = sa.select(runs).order_by(runs.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(runs.c.state == state)
        query = query.where(runs.c.flow.not_in(_LOOKS) if sync is None else runs.c.sync == sync)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return [record_of(row) for row in rows]

    async def cases(self, state: str) -> list[Case]:
        """Return the cases in a state, oldest first."""
        query = sa.select(cases).where(cases.c.state == state).order_by(cases.c.id)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return [case_of(row) for row in rows]

    async def case(self, id_: int) -> Case | None:
        """Return one case."""
        query = sa.select(cases).where(cases.c.id == id_)
        row = await self._database.read(lambda db: db.execute(query).one_or_none())
        return None if row is None else case_of(row)

    async def story(self, text: str) -> Story:
        """Return all that is known of the records that a number names."""
        return await self._database.read(lambda db: _story(db, text.strip()))


def _story(db: sa.Connection, text: str) -> Story:
    refs = _refs(db, text)
    found_runs = db.execute(sa.select(runs).where(runs.c.ref.in_(refs)).order_by(runs.c.id))
    found_cases = db.execute(sa.select(cases).where(cases.c.ref.in_(refs)).order_by(cases.c.id))
    found_links = db.execute(sa.select(links).where(links.c.ref.in_(refs)))
    return Story(
        tuple(refs),
        tuple(record_of(row) for row in found_runs),
        tuple(case_of(row) for row in found_cases),
        tuple(entry_of(row) for row in _entries(db, refs)),
        tuple((row.ref, row.other, row.number) for row in found_links),
        tuple((row.received_at, row.connection, row.delivery) for row in _notices(db, refs)),
    )


def _entries(db: sa.Connection, refs: list[str]) -> Any:
    return db.execute(sa.select(audit).where(audit.c.ref.in_(refs)).order_by(audit.c.seq))


def _notices(db: sa.Connection, refs: list[str]) -> Any:
    return db.execute(sa.select(inbox).where(inbox.c.ref.in_(refs)).order_by(inbox.c.id))


def _refs(db: sa.Connection, text: str) -> list[str]:
    asked = [
        sa.select(names.c.ref).where(names.c.text == text),
        sa.select(inbox.c.ref).where(inbox.c.delivery == text),
        sa.select(links.c.ref).where(links.c.number == text),
        sa.select(links.c.ref).where(links.c.ref == text).limit(1),
        sa.select(runs.c.ref).where(runs.c.ref == text).limit(1),
        sa.select(runs.c.ref).where(runs.c.id == text),
    ]
    found = {ref for query in asked for ref in db.execute(query).scalars() if ref}
    return sorted(found)
