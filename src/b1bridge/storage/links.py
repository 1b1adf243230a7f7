"""Links between records, crosswalks of codes, watermarks, and stock in flight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from b1bridge.domain.identity import Crosswalk, Ref
from b1bridge.engine.store import Note
from b1bridge.storage import audit
from b1bridge.storage.database import Database, insert
from b1bridge.storage.tables import UNFINISHED, crosswalks, in_flight, links, runs, watermarks


class StoredLinks:
    """Remembers that two records are the same thing, in both directions."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def linked(self, ref: Ref, kind: str) -> Ref | None:
        """Return the other side's newest record of this kind."""
        query = (
            sa.select(links.c.other)
            .where(links.c.ref == str(ref), links.c.kind == kind)
            .order_by(links.c.linked_at.desc())
            .limit(1)
        )
        found = await self._database.read(lambda db: db.execute(query).scalar())
        return None if found is None else Ref.parse(found)

    async def link(self, ref: Ref, other: Ref, *, number: str = "") -> None:
        """Note that both are the same thing; `number` is what people call the other one."""
        at = self._clock()
        rows = [
            _link(ref, other, number, at),
            _link(other, ref, "", at),
        ]

        def work(db: sa.Connection) -> None:
            statement = insert(db, links)
            new = {"number": statement.excluded.number, "linked_at": statement.excluded.linked_at}
            db.execute(
                statement.on_conflict_do_update(index_elements=["ref", "other"], set_=new), rows
            )

        await self._database.write(work)


def _link(ref: Ref, other: Ref, number: str, at: datetime) -> dict[str, object]:
    return {
        "ref": str(ref),
        "other": str(other),
        "kind": other.kind,
        "number": number,
        "linked_at": at,
    }


class StoredCrosswalks:
    """Tables of equal codes that an operator edits."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def crosswalk(self, name: str) -> Crosswalk:
        """Return a table as it stands."""
        query = sa.select(crosswalks.c.code, crosswalks.c.other).where(crosswalks.c.name == name)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return Crosswalk(name, {row.code: row.other for row in rows})

    async def enter(self, name: str, code: str, other: str, actor: str) -> None:
        """Enter or change one pair."""
        detail = f"{name}: {code} = {other}"
        note = Note(at=self._clock(), actor=actor, did="crosswalk", detail=detail)

        def work(db: sa.Connection) -> None:
            statement = insert(db, crosswalks).values(name=name, code=code, other=other)
            db.execute(
                statement.on_conflict_do_update(
                    index_elements=["name", "code"], set_={"other": other}
                )
            )
            audit.append(db, [note])

        await self._database.write(work)

    async def remove(self, name: str, code: str, actor: str) -> bool:
        """Take one pair out again; tell whether it was there."""
        note = Note(
            at=self._clock(), actor=actor, did="crosswalk", detail=f"{name}: {code} removed"
        )

        def work(db: sa.Connection) -> bool:
            pair = sa.delete(crosswalks).where(crosswalks.c.name == name, crosswalks.c.code == code)
            there = db.execute(pair).rowcount > 0
            if there:
                audit.append(db, [note])
            return there

        return await self._database.write(work)

    async def sizes(self) -> dict[str, int]:
        """Return how many pairs each table has."""
        query = sa.select(crosswalks.c.name, sa.func.count()).group_by(crosswalks.c.name)
        rows = await self._database.read(lambda db: db.execute(query.order_by("name")).all())
        return {row.name: row[1] for row in rows}


class StoredWatermarks:
    """How far each source has been read; a watermark never moves back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def watermark(self, connection: str, kind: str) -> datetime | None:
        """Return how far we have read."""
        query = sa.select(watermarks.c.moment).where(
            watermarks.c.connection == connection, watermarks.c.kind == kind
        )
        return await self._database.read(lambda db: db.execute(query).scalar())

    async def began(self, connection: str, kind: str) -> datetime | None:
        """Return since when we have been reading."""
        query = sa.select(watermarks.c.began_at).where(
            watermarks.c.connection == connection, watermarks.c.kind == kind
        )
        return await self._database.read(lambda db: db.execute(query).scalar())

    async def move(self, connection: str, kind: str, to: datetime) -> None:
        """Move it forward."""

        def work(db: sa.Connection) -> None:
            statement = insert(db, watermarks).values(
                connection=connection, kind=kind, moment=to, began_at=to
            )
            db.execute(
                statement.on_conflict_do_update(
                    index_elements=["connection", "kind"],
                    set_={"moment": to},
                    where=watermarks.c.moment < to,
                )
            )

        await self._database.write(work)


# Noted for an order that takes no goods, so that it counts as read.
_NOTHING = ""


class StoredInFlight:
    """What shoppers have bought that no document in the books commits yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def quantities(self) -> Mapping[str, Decimal]:
        """Return the quantity in flight per item code."""
        held = in_flight.c.item != _NOTHING
        query = sa.select(in_flight.c.item, in_flight.c.quantity).where(held)
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for row in await self._database.read(lambda db: db.execute(query).all()):
            totals[row.item] += Decimal(row.quantity)
        return dict(totals)

    async def unread(self) -> int:
        """Count the orders with an unfinished run, no stock held and no document linked."""
        query = (
            sa.select(sa.func.count(sa.distinct(runs.c.ref)))
            .where(UNFINISHED, runs.c.ref.like("%/order/%"))
            # A look for orders that were missed, "shop/all/order/3600", is none itself.
            .where(runs.c.ref.not_like("%/all/order/%"))
            .where(~sa.exists().where(in_flight.c.ref == runs.c.ref))
            .where(~sa.exists().where(links.c.ref == runs.c.ref))
        )
        return await self._database.read(lambda db: int(db.execute(query).scalar_one()))

    async def hold(self, ref: Ref, quantities: Mapping[str, Decimal]) -> None:
        """Note what this order takes; a repeat replaces what was noted before."""
        rows = [
            {"ref": str(ref), "item": item, "quantity": str(quantity)}
            for item, quantity in (quantities or {_NOTHING: Decimal(0)}).items()
        ]

        def work(db: sa.Connection) -> None:
            db.execute(sa.delete(in_flight).where(in_flight.c.ref == str(ref)))
            db.execute(in_flight.insert(), rows)

        await self._database.write(work)

    async def release(self, ref: Ref) -> None:
        """Forget the order; may be repeated."""
        statement = sa.delete(in_flight).where(in_flight.c.ref == str(ref))
        await self._database.write(lambda db: db.execute(statement))
