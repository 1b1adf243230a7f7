"""What the hub remembers of many records at once, for those who compare it with both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.domain.ledger import HubRecord, OpenCase
from b1bridge.engine.records import CaseState, State
from b1bridge.storage.cases import UNDECIDED_STATES
from b1bridge.storage.database import Database
from b1bridge.storage.tables import cases, inbox, links, runs, watermarks

_ORDERS = "order"


class StoredHubLedger:
    """The HubLedger over our own tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def records(self, refs: Collection[Ref]) -> Mapping[Ref, HubRecord]:
        """Return what is known of these records, with one query per table."""
        names = [str(ref) for ref in refs]
        found = await self._database.read(lambda db: _read(db, names))
        return {ref: found[str(ref)] for ref in refs if str(ref) in found}

    async def read_until(self, connection: str) -> datetime | None:
        """Return the watermark of the connection's orders."""
        query = sa.select(watermarks.c.moment).where(
            watermarks.c.connection == connection, watermarks.c.kind == _ORDERS
        )
        return await self._database.read(lambda db: db.execute(query).scalar())

    async def knows(self, connection: str) -> bool:
        """Tell whether anything was ever heard of or posted for a connection's orders."""
        ours = f"{connection}/{_ORDERS}/%"
        queries = [sa.select(t.c.ref).where(t.c.ref.like(ours)).limit(1) for t in (inbox, links)]
        return await self._database.read(
            lambda db: any(db.execute(query).first() for query in queries)
        )


def _read(db: sa.Connection, names: list[str]) -> dict[str, HubRecord]:
    noticed = {row.ref: row.first for row in _noticed(db, names)}
    under_way = {row.ref for row in _under_way(db, names)}
    linked: dict[str, list[Ref]] = defaultdict(list)
    for row in db.execute(sa.select(links).where(links.c.ref.in_(names))):
        linked[row.ref].append(Ref.parse(row.other))
    open_cases: dict[str, list[OpenCase]] = defaultdict(list)
    ignored: dict[str, list[str]] = defaultdict(list)
    for row in db.execute(sa.select(cases).where(cases.c.ref.in_(names)).order_by(cases.c.id)):
        if row.state in UNDECIDED_STATES:
            open_cases[row.ref].append(
                OpenCase(row.id, row.flow, row.reason, row.message, row.opened_at)
            )
        elif row.state == CaseState.IGNORED:
            ignored[row.ref].append(row.closing_words)
    known = {*noticed, *under_way, *linked, *open_cases, *ignored}
    return {
        name: HubRecord(
            ref=Ref.parse(name),
            noticed_at=noticed.get(name),
            under_way=name in under_way,
            cases=tuple(open_cases[name]),
            ignored=tuple(ignored[name]),
            links=tuple(linked[name]),
        )
        for name in known
    }


def _noticed(db: sa.Connection, names: list[str]) -> Any:
    first = sa.func.min(inbox.c.received_at, type_=inbox.c.received_at.type).label("first")
    return db.execute(
        sa.select(inbox.c.ref, first).where(inbox.c.ref.in_(names)).group_by(inbox.c.ref)
    )


def _under_way(db: sa.Connection, names: list[str]) -> Any:
    going = sa.or_(
        runs.c.state.in_([State.QUEUED, State.RUNNING]),
        sa.and_(runs.c.state == State.WAITING, runs.c.due_at.is_not(None)),
    )
    return db.execute(sa.select(runs.c.ref).where(runs.c.ref.in_(names), going).distinct())
