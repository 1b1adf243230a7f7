"""The last figure pushed to a shop, for each SKU at each location."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from b1bridge.domain.stock import Pushed, ShopStock
from b1bridge.storage.database import Database, insert
from b1bridge.storage.tables import shown_stock

_KEY = ["connection", "sku", "location"]


class StoredShownStock:
    """One row for each SKU and location, written over at each push."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def note(self, connection: str, levels: Sequence[ShopStock]) -> None:
        """Note what this shop was told just now."""
        at = self._clock()
        rows = [
            {
                "connection": connection,
                "sku": level.sku,
                "location": level.location,
                "quantity": level.quantity,
                "pushed_at": at,
            }
            for level in levels
        ]

        def work(db: sa.Connection) -> None:
            statement = insert(db, shown_stock)
            new = {name: statement.excluded[name] for name in ("quantity", "pushed_at")}
            db.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=new), rows)

        if rows:
            await self._database.write(work)

    async def last(self, connection: str) -> Mapping[tuple[str, str], Pushed]:
        """Return what it was last told, by SKU and location."""
        query = sa.select(shown_stock).where(shown_stock.c.connection == connection)
        rows = await self._database.read(lambda db: db.execute(query).all())
        return {(row.sku, row.location): Pushed(row.quantity, row.pushed_at) for row in rows}
