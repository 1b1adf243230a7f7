"""What an API has been used for, hour by hour, added up over every process of the hub."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from b1bridge.storage.database import Database, insert
from b1bridge.storage.tables import usage


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

    async def since(self, connection: str, hour: str) -> Mapping[str, int]:
        """Return the counters from an hour on."""
        query = sa.select(usage.c.hour, usage.c.cost)
        query = query.where(usage.c.connection == connection, usage.c.hour >= hour)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return {row.hour: row.cost for row in rows}
