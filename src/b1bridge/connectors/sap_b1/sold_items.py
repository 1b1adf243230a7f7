"""How many units of each item went out on invoices: how fast things sell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import and_, eq, ge
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, TwoWays, rows_either_way
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Row, Text, Wire
from b1bridge.sdk.reading import read_all

# Cancelled invoices and the documents that cancel them are left out; both stand at 'Y' and 'C'.
_SQL = SqlQuery(
    "b1b_sold",
    "SELECT T1.ItemCode, SUM(T1.InvQty) AS Quantity FROM INV1 T1 "
    "INNER JOIN OINV T0 ON T0.DocEntry = T1.DocEntry "
    "WHERE T0.DocDate >= :since AND T0.CANCELED = 'N' "
    "GROUP BY T1.ItemCode ORDER BY T1.ItemCode",
)


class WireSold(Wire):
    """The units of one item that went out."""

    item: Text = Field(alias="ItemCode")
    quantity: Amount = Field(alias="Quantity")


_SOLD = TypeAdapter(list[WireSold])


class SapSoldItems(Account):
    """Sums up invoice rows, by SQL or row by row where SQL may not run."""

    async def units_sold(self, since: date) -> dict[str, Decimal]:
        """Return the inventory units invoiced since a day, by item."""
        asked = TwoWays(_SQL, self._invoiced(since), {"since": since})
        sold: dict[str, Decimal] = {}
        async for rows in rows_either_way(self._service, asked):
            for row in read_all(_SOLD, rows, system=SYSTEM, record="sold units"):
                if row.item:
                    sold[row.item] = sold.get(row.item, Decimal(0)) + row.quantity
        return sold

    async def _invoiced(self, since: date) -> AsyncIterator[list[Row]]:
        standing = and_(ge("DocDate", since), eq("CancelStatus", "csNo"))
        async for documents in windows(
            self._service,
            "Invoices",
            key="DocEntry",
            select=["DocumentLines"],
            where=standing,
            size=100,
        ):
            yield [
                {"ItemCode": row["ItemCode"], "Quantity": row["InventoryQuantity"]}
                for document in documents
                for row in document["DocumentLines"]
            ]
