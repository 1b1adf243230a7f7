"""What an API has been used for, hour by hour, added up over every process of the hub."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from b1bridge.engine.records import State
from b1bridge.storage.database import Database, insert
from b1bridge.storage.tables import UNFINISHED, runs, usage

_LIKE = 200
"""So many of the newest runs of a flow tell what the next one will cost."""
_BUSY = sa.or_(
    runs.c.state.in_([State.QUEUED, State.RUNNING]),
    sa.and_(runs.c.state == State.WAITING, runs.c.due_at.is_not(None)),
)


class StoredUsage:
    """One row for each connection and hour."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, connection: str, hour: str, cost: int) -> None:
        """Add to the counter of an hour."""

        def work(db: sa.Connection) -> None:
            row = insert(db, usage).values(connection=connection, hour=hour, cost=cost)
            more = {"cost": usage.c.cost + row.excluded.cost}
            db.execute(row.on_conflict_do_update(index_elements=["connection", "hour"], set_=more))

        await self._database.write(work)

    async def forget(self, before: datetime) -> None:
        """Delete the counters of hours before a moment's."""
        old = sa.delete(usage).where(usage.c.hour < f"{before:%Y-%m-%dT%H}")
        await self._database.write(lambda db: db.execute(old))

    async def queued(self, connection: str, per_record: int) -> int:
        """Return what the runs that write to a connection and are still to come will cost.

        Each costs what the last ones of its flow did on average, `per_record` where none is over.
        """

        def work(db: sa.Connection) -> int:
            mine = (UNFINISHED, runs.c.target == connection, _BUSY)
            flows = sa.select(runs.c.flow, sa.func.count()).where(*mine).group_by(runs.c.flow)
            return sum(
                round(number * _cost_of(db, connection, flow, per_record))
                for flow, number in db.execute(flows).all()
            )

        return await self._database.read(work)

    async def since(self, connection: str, hour: str) -> Mapping[str, int]:
        """Return the counters from an hour on."""
        query = sa.select(usage.c.hour, usage.c.cost)
        query = query.where(usage.c.connection == connection, usage.c.hour >= hour)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return {row.hour: row.cost for row in rows}


def _cost_of(db: sa.Connection, connection: str, flow: str, otherwise: int) -> float:
    query = (
        sa.select(runs.c.figures)
        .where(runs.c.target == connection, runs.c.flow == flow, runs.c.state == State.FINISHED)
        .order_by(runs.c.id.desc())
        .limit(_LIKE)
    )
    costs = [json.loads(figures).get("cost", 0) for figures in db.execute(query).scalars()]
    return sum(costs) / len(costs) if costs else otherwise
