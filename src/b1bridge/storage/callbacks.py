"""What clients have been told of their orders, and how far the audit trail was read for news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine.telling import telling_sync
from b1bridge.storage.database import Database, insert
from b1bridge.storage.queueing import Queue
from b1bridge.storage.tables import audit, bookmarks, callbacks, submissions

_MINE = "callbacks"
_PAGE = 2000
_KIND = "order"
_SLASHES = 2  # a line of the trail about a connection names no record
_BOOKMARK = sa.select(bookmarks.c.seq).where(bookmarks.c.name == _MINE)
_NEWS = (
    sa.select(audit.c.seq, audit.c.ref)
    .where(audit.c.seq > sa.bindparam("read_to"))
    .order_by(audit.c.seq)
    .limit(_PAGE)
)


@dataclass(frozen=True, slots=True)
class News:
    """The orders of which something was noted, and whose clients asked to be told.

    `more` says that the trail goes on after `read_to`.
    """

    refs: tuple[Ref, ...]
    read_to: int
    more: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The digest of what a client was last told, and how often it has been told something."""

    digest: str = ""
    times: int = 0


class StoredCallbacks:
    """Finds news in the audit trail, for whatever happens to a record is noted there."""

    def __init__(self, database: Database, queue: Queue) -> None:
        self._database = database
        self._queue = queue

    async def news(self, after: int) -> News:
        """Return what was noted after this row of the trail, or after the bookmark."""
        return await self._database.read(lambda db: _news(db, after))

    async def queue(self, refs: Sequence[Ref], read_to: int, at: datetime) -> None:
        """Queue a call back for each of these orders, and move the bookmark, never back."""

        def work(db: sa.Connection) -> None:
            for ref in refs:
                self._queue.put(db, *telling_sync(ref.connection, ref.id), at)
            moved = insert(db, bookmarks).values(name=_MINE, seq=read_to)
            behind = bookmarks.c.seq < moved.excluded.seq
            facts = {"seq": moved.excluded.seq}
            db.execute(
                moved.on_conflict_do_update(index_elements=["name"], set_=facts, where=behind)
            )

        await self._database.write(work)

    async def told(self, ref: Ref) -> Told:
        """Return what was last told of an order."""
        query = sa.select(callbacks.c.digest, callbacks.c.times).where(callbacks.c.ref == str(ref))
        row = await self._database.read(lambda db: db.execute(query).one_or_none())
        return Told() if row is None else Told(row.digest, row.times)

    async def note(self, ref: Ref, told: Told, at: datetime) -> None:
        """Remember what has been told."""
        facts = {"digest": told.digest, "times": told.times, "told_at": at}

        def work(db: sa.Connection) -> None:
            kept = insert(db, callbacks).values(ref=str(ref), **facts)
            db.execute(kept.on_conflict_do_update(index_elements=["ref"], set_=facts))

        await self._database.write(work)


def _news(db: sa.Connection, after: int) -> News:
    read_to = max(after, db.execute(_BOOKMARK).scalar() or 0)
    rows = db.execute(_NEWS, {"read_to": read_to}).all()
    if not rows:
        return News((), read_to, more=False)
    noted = {Ref.parse(row.ref) for row in rows if row.ref.count("/") >= _SLASHES}
    refs = _asked_for(db, [ref for ref in noted if ref.kind == _KIND])
    return News(refs, rows[-1].seq, more=len(rows) == _PAGE)


def _asked_for(db: sa.Connection, refs: Sequence[Ref]) -> tuple[Ref, ...]:
    """Leave the orders whose clients left an address."""
    if not refs:
        return ()
    of = submissions.c
    named = sa.tuple_(of.connection, of.kind, of.reference).in_(
        [(ref.connection, ref.kind, ref.id) for ref in refs]
    )
    query = sa.select(of.connection, of.kind, of.reference).where(named, of.callback_url != "")
    return tuple(Ref(*row) for row in db.execute(query.order_by(of.id)))
