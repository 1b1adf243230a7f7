"""Notices, stored once: the unique key outlives every run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from b1bridge.engine.records import Accepted
from b1bridge.engine.store import Delivery, Problem
from b1bridge.storage import seen
from b1bridge.storage.cases import open_case
from b1bridge.storage.database import Database, insert, insert_new
from b1bridge.storage.queueing import Queue
from b1bridge.storage.tables import counters, inbox, syncs

_WATCHING = (
    sa.select(syncs)
    .where(
        syncs.c.source == sa.bindparam("connection"),
        syncs.c.watches == sa.bindparam("kind"),
        syncs.c.enabled,
    )
    .order_by(syncs.c.name)
)
_EVIDENCE = 20_000  # characters of a notice kept with its case


class StoredInbox:
    """Stores deliveries and queues what they ask for, in one transaction.

    `then` tells which flows each flow is followed by: theirs are not started by a notice as
    well, between the same connections.
    """

    def __init__(self, database: Database, queue: Queue, then: Mapping[str, Sequence[str]]) -> None:
        self._database = database
        self._queue = queue
        self._then = then

    async def accept(
        self, connection: str, deliveries: Sequence[Delivery], at: datetime
    ) -> Accepted:
        """Store what is new and queue one run per sync that watches such records.

        What every sync has seen already counts as a duplicate.
        """
        # Two transactions that lock the same rows in different order would wait for each other.
        ordered = sorted(deliveries, key=lambda delivery: (str(delivery.ref), delivery.id))

        def work(db: sa.Connection) -> Accepted:
            new = sum(self.take(db, connection, delivery, at) for delivery in ordered)
            return Accepted(new, len(deliveries) - new)

        return await self._database.write(work)

    async def keep_unreadable(
        self, connection: str, delivery: str, body: bytes, why: str, at: datetime
    ) -> bool:
        """Keep a signed notice that we cannot read and open a case; tell whether it is new."""
        values = {
            "connection": connection,
            "delivery": delivery,
            "ref": "",
            "received_at": at,
            "body": body,
        }
        problem = Problem(
            reason="SCHEMA",
            message=f"a notice of {connection} cannot be read: {why}",
            fix="report it; the record itself is found when the source is looked through",
            evidence=body.decode(errors="replace")[:_EVIDENCE],
            connection=connection,
        )

        def work(db: sa.Connection) -> bool:
            new = _stored(db, values)
            if new:
                open_case(db, problem, flow="", ref=f"{connection}/notice", run="", at=at)
            return new

        return await self._database.write(work)

    async def count(self, name: str) -> None:
        """Add one to a counter."""
        await self._database.write(lambda db: add_to_counter(db, name, 1))

    async def forget(self, before: datetime, batch: int = 500) -> int:
        """Delete a batch of deliveries older than their retention; return how many."""

        def work(db: sa.Connection) -> int:
            old = sa.select(inbox.c.id).where(inbox.c.received_at < before).limit(batch)
            return db.execute(sa.delete(inbox).where(inbox.c.id.in_(old))).rowcount

        return await self._database.write(work)

    def take(self, db: sa.Connection, connection: str, delivery: Delivery, at: datetime) -> bool:
        """Store one delivery inside the caller's transaction; tell whether anything is to do."""
        ref = delivery.ref
        values = {
            "connection": connection,
            "delivery": delivery.id,
            "ref": str(ref),
            "received_at": at,
        }
        if not _stored(db, values):
            return False
        watching = db.execute(_WATCHING, {"connection": connection, "kind": ref.kind}).all()
        asked = [s for s in self._first(watching) if not _knows(db, s.name, delivery)]
        for sync in asked:
            self._queue.put(db, sync, ref, at)
        return bool(asked) or not watching

    def _first(self, watching: Sequence[Any]) -> Iterator[Any]:
        """Leave out what another of these syncs starts when it has come through."""
        brought = {(s.target, flow) for s in watching for flow in self._then.get(s.flow, ())}
        return (sync for sync in watching if (sync.target, sync.flow) not in brought)


def add_to_counter(db: sa.Connection, name: str, number: int) -> None:
    """Add to a counter that `b1bridge status` shows."""
    statement = insert(db, counters).values(name=name, value=number)
    raised = {"value": counters.c.value + number}
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=raised))


def _stored(db: sa.Connection, values: dict[str, object]) -> bool:
    return bool(insert_new(db, inbox, {"body": None, **values}))


def _knows(db: sa.Connection, sync: str, delivery: Delivery) -> bool:
    changed = delivery.changed
    return changed is not None and seen.knows(db, sync, str(delivery.ref), changed)
