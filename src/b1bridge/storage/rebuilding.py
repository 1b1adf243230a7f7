"""Puts links back into a database that was lost, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine.store import Note
from b1bridge.storage import audit
from b1bridge.storage.database import Database, insert
from b1bridge.storage.tables import links

Found = tuple[Ref, Ref, str]
"""A record of the shop, what it is in the books, and the number people call that by."""


class Restored:
    """Links that were found again in the books."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, found: Sequence[Found]) -> int:
        """Note the links that are not known; return how many those were."""
        at = self._clock()
        rows = [
            {"ref": str(one), "other": str(two), "kind": two.kind, "number": name, "linked_at": at}
            for ref, other, number in found
            for one, two, name in ((ref, other, number), (other, ref, ""))
        ]

        def work(db: sa.Connection) -> int:
            before = db.execute(sa.select(sa.func.count()).select_from(links)).scalar_one()
            db.execute(insert(db, links).on_conflict_do_nothing(), rows)
            after = db.execute(sa.select(sa.func.count()).select_from(links)).scalar_one()
            return int(after - before) // 2

        return await self._database.write(work) if rows else 0

    async def linked(self, refs: Sequence[Ref]) -> set[Ref]:
        """Return those records that have a link."""
        query = sa.select(links.c.ref).where(links.c.ref.in_([str(ref) for ref in refs])).distinct()
        rows = await self._database.read(lambda db: db.execute(query).scalars().all())
        return {Ref.parse(row) for row in rows}

    async def note(self, detail: str, actor: str) -> None:
        """Write down that somebody rebuilt, and what it came to."""
        note = Note(at=self._clock(), actor=actor, did="rebuild", detail=detail)
        await self._database.write(lambda db: audit.append(db, [note]))
