"""Which items' stock may have changed, from the documents that moved it.

Stock figures bear no stamp of their own and SAP's stock journals may not be read by SQL
(sap-service-layer.md 4.3, 6 and 7), so the documents that move or promise stock are asked
what was stamped since. Production orders promise components without any document of these;
the full comparison finds what they did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.changes import (
    CREATED,
    DAY_ONLY,
    Changes,
    Watermark,
    stamp_of,
)
from b1bridge.connectors.sap_b1.client.odata import encoded, query
from b1bridge.connectors.sap_b1.client.service_layer import page_of
from b1bridge.domain.stock import Moved

MOVING: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "Orders",
            "DeliveryNotes",
            "Returns",
            "Invoices",
            "CreditNotes",
            "PurchaseOrders",
            "PurchaseDeliveryNotes",
            "PurchaseInvoices",
            "InventoryGenEntries",
            "InventoryGenExits",
        ),
        "DocumentLines",
    ),
    # Stamped by the day only: what was transferred today is read again each time.
    "StockTransfers": "StockTransferLines",
    "InventoryTransferRequests": "StockTransferLines",
}
"""Where the rows of each set are; which sets move stock: sap-service-layer.md 6, last point."""


class SapStockMoves(Account):
    """Reads documents by their stamps; the mark is a wall-clock time of SAP's server."""

    async def items_moved(self, since: str) -> Moved:
        """Return the items on documents stamped since the mark, a little before it included.

        Without a mark no item is told, but where the books stand now.
        """
        if not since:
            return Moved(frozenset(), await self._newest())
        mark = Watermark(datetime.fromisoformat(since))
        items: set[str] = set()
        reached = mark
        for name, rows in MOVING.items():
            changes = self._changes(name, rows, mark)
            async for documents in changes.windows():
                items.update(items_on(documents, rows))
            reached = max(reached, changes.reached or mark)
        return Moved(frozenset(items), reached.at.isoformat())

    def _changes(self, name: str, rows: str, since: Watermark) -> Changes:
        zone = ZoneInfo(self._settings.time_zone)
        return Changes(self._service, name, "DocEntry", [rows], since=since, zone=zone, size=100)

    async def _newest(self) -> str:
        """Return the newest stamp of any of these documents; nothing while there is none."""
        stamps = [stamp for name in MOVING if (stamp := await self._newest_of(name))]
        return max(stamps).at.isoformat() if stamps else ""

    async def _newest_of(self, name: str) -> Watermark | None:
        stamps = ["UpdateDate"] if name in DAY_ONLY else ["UpdateDate", "UpdateTime"]
        newest = ",".join(f"{stamp} desc" for stamp in stamps)
        chosen = query(select=[*stamps, CREATED.get(name, "CreationDate")], top=1)
        page = page_of(await self._service.get(f"{name}?{chosen}&$orderby={encoded(newest)}"))
        return stamp_of(page.rows[0]) if page.rows else None


def items_on(documents: Sequence[Mapping[str, Any]], rows: str) -> Iterator[str]:
    """Yield the item of each row that has one."""
    for document in documents:
        for row in document.get(rows) or ():
            if row.get("ItemCode"):
                yield str(row["ItemCode"])
