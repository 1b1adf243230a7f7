"""What the hub knows of records that a source lists, for the sweep to tell what never arrived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine.records import State
from b1bridge.engine.store import Delivery, Note
from b1bridge.engine.sweeping import Known
from b1bridge.storage import audit
from b1bridge.storage.database import Database
from b1bridge.storage.inbox import StoredInbox, add_to_counter
from b1bridge.storage.tables import UNFINISHED, inbox, runs, seen

COUNTER = "gaps fetched"
# Neither one that waits for a person nor a dead one reads its record by itself.
WILL_READ = sa.or_(
    runs.c.state.in_([State.QUEUED, State.RUNNING]),
    sa.and_(
        runs.c.state == State.WAITING, sa.or_(runs.c.due_at.is_not(None), runs.c.held_by != "")
    ),
)


class StoredGaps:
    """Holds what a source lists against the inbox, the runs, and what they have seen."""

    def __init__(self, database: Database, inbox: StoredInbox) -> None:
        self._database = database
        self._inbox = inbox

    async def known(self, refs: Sequence[Ref]) -> dict[Ref, Known]:
        """Return what is known of each record; a stranger has no entry."""
        return await self._database.read(lambda db: _known(db, [str(ref) for ref in refs]))

    async def seen_since(
        self, connection: str, kind: str, moment: datetime, until: datetime
    ) -> dict[Ref, datetime]:
        """Return the records read before `until` in a version of that moment or later."""
        query = sa.select(seen.c.ref, seen.c.version).where(
            seen.c.ref.startswith(f"{connection}/{kind}/", autoescape=True),
            seen.c.read_at >= moment,
            seen.c.read_at < until,
        )
        rows = await self._database.read(lambda db: db.execute(query).all())
        moments = ((Ref.parse(row.ref), _moment_of(row.version)) for row in rows)
        return {ref: when for ref, when in moments if when is not None and when >= moment}

    async def fetch(self, connection: str, deliveries: Sequence[Delivery], at: datetime) -> int:
        """Queue them as if noticed, note each in the audit trail; return how many were new."""
        if not deliveries:
            return 0

        def work(db: sa.Connection) -> int:
            new = [d for d in deliveries if self._inbox.take(db, connection, d, at)]
            if new:
                add_to_counter(db, COUNTER, len(new))
                audit.append(db, [_note(delivery, at) for delivery in new])
            return len(new)

        return await self._database.write(work)


def _known(db: sa.Connection, refs: Sequence[str]) -> dict[Ref, Known]:
    versions: dict[str, set[str]] = defaultdict(set)
    for row in db.execute(sa.select(seen.c.ref, seen.c.version).where(seen.c.ref.in_(refs))):
        # A version that is a digest says nothing of when the record changed.
        if _moment_of(row.version) is not None:
            versions[row.ref].add(_moment_text(row.version))
    unfinished = sa.select(runs.c.ref).where(UNFINISHED, WILL_READ, runs.c.ref.in_(refs))
    under_way = set(db.execute(unfinished).scalars())
    told = {row.ref: row.told_at for row in db.execute(_told(refs))}
    return {
        Ref.parse(ref): Known(frozenset(versions[ref]), ref in under_way, told.get(ref))
        for ref in {*versions, *under_way, *told}
    }


def _told(refs: Sequence[str]) -> Any:
    last = sa.func.max(inbox.c.received_at).label("told_at")
    return sa.select(inbox.c.ref, last).where(inbox.c.ref.in_(refs)).group_by(inbox.c.ref)


def _moment_text(version: str) -> str:
    """Return the moment of change with which the versions of a shop's records begin."""
    return version.partition(" ")[0]


def _moment_of(version: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_moment_text(version))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _note(delivery: Delivery, at: datetime) -> Note:
    what = "left the list" if delivery.changed is None else f"changed {delivery.changed}"
    detail = f"{what}; no notice of it ever came"
    return Note(at=at, actor="the hub", did="fetch", ref=str(delivery.ref), detail=detail)
