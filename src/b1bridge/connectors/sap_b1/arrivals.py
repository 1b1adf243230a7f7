"""When what was ordered from suppliers is expected, by item; kept for ten seconds.

By SQL in one question, for POR1 may be read by it (sap-service-layer.md 4.3); its columns are from
memory (guess). Where SQL may not run, the open purchase orders are read.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from datetime import date
from time import monotonic
from typing import Any

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import eq
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, TwoWays, rows_either_way
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.moments import Day
from b1bridge.connectors.sap_b1.wire import Text, Wire
from b1bridge.sdk.reading import read_all

_KEPT = 10.0  # seconds; a day that is moved meanwhile shows with the next look
_ARRIVALS = SqlQuery(
    "b1b_arrivals",
    "SELECT T0.ItemCode, MIN(T0.ShipDate) AS ShipDate FROM POR1 T0 "
    "WHERE T0.LineStatus = 'O' AND T0.OpenQty > 0 AND T0.ItemCode IS NOT NULL "
    "GROUP BY T0.ItemCode ORDER BY T0.ItemCode",
)


class WireArrival(Wire):
    """An item that is on its way, and the day of a row that brings it."""

    item: Text = Field(alias="ItemCode", default="")
    day: Day | None = Field(alias="ShipDate", default=None)


_ROWS = TypeAdapter(list[WireArrival])


class SapArrivals(Account):
    """Knows the next day on which anything of an item should arrive."""

    _arriving: tuple[float, dict[str, date]] = (-math.inf, {})

    async def arrivals(self) -> dict[str, date]:
        """Return the next day of each item that is on an open purchase order."""
        if monotonic() - self._arriving[0] > _KEPT:
            self._arriving = (monotonic(), await self._read_arrivals())
        return self._arriving[1]

    async def _read_arrivals(self) -> dict[str, date]:
        found: dict[str, date] = {}
        asked = TwoWays(_ARRIVALS, self._open_purchases())
        async for rows in rows_either_way(self._service, asked):
            for one in read_all(_ROWS, rows, system=SYSTEM, record="arrivals"):
                if one.item and one.day:
                    found[one.item] = min(one.day, found.get(one.item, one.day))
        return found

    async def _open_purchases(self) -> AsyncIterator[list[dict[str, Any]]]:
        async for rows in windows(
            self._service,
            "PurchaseOrders",
            key="DocEntry",
            select=["DocumentLines"],
            where=eq("DocumentStatus", "bost_Open"),
            size=100,
        ):
            yield [
                line
                for row in rows
                for line in row.get("DocumentLines") or ()
                if line.get("LineStatus") == "bost_Open"
            ]
