"""Moves a shopper to another account of the books: link and audit in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine.store import Note
from b1bridge.storage import audit
from b1bridge.storage.database import Database
from b1bridge.storage.tables import links


class StoredRelinking:
    """Replaces the link between a record and its counterpart in one connection."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def relink(self, ref: Ref, other: Ref, detail: str, actor: str) -> None:
        """Forget what the record was there, and note what it is from now on."""
        at = self._clock()
        before = f"{other.connection}/{other.kind}/"
        rows = [
            {"ref": str(one), "other": str(two), "kind": two.kind, "number": name, "linked_at": at}
            for one, two, name in ((ref, other, other.id), (other, ref, ""))
        ]
        note = Note(at=at, actor=actor, did="relink", ref=str(ref), detail=detail)

        def work(db: sa.Connection) -> None:
            there = links.c.other.startswith(before, autoescape=True)
            back = links.c.ref.startswith(before, autoescape=True)
            db.execute(sa.delete(links).where(links.c.ref == str(ref), there))
            db.execute(sa.delete(links).where(links.c.other == str(ref), back))
            db.execute(links.insert(), rows)
            audit.append(db, [note])

        await self._database.write(work)
