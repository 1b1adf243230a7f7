"""What is free of kits, which lie in stock as their parts only (correctness-rules 3.7)."""

from __future__ import annotations

import math
from collections.abc import Collection
from decimal import Decimal
from time import monotonic

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.client.odata import any_of
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.moments import Told
from b1bridge.connectors.sap_b1.stock_kits import SapStockKits
from b1bridge.connectors.sap_b1.wire import Wire, WireShelf, fields_of
from b1bridge.domain.availability import kits_available
from b1bridge.domain.kits import Kit
from b1bridge.sdk.reading import read_all

_KEPT = 60.0  # seconds


class WireShelves(Wire):
    """An item with nothing but its shelves."""

    code: str = Field(alias="ItemCode")
    shelves: tuple[WireShelf, ...] = Field(alias="ItemWarehouseInfoCollection", default=())


_ROWS = TypeAdapter(list[WireShelves])


class SapKitStock(SapStockKits):
    """Counts the kits that the parts in each warehouse make."""

    _kits_known: tuple[float, dict[str, Kit]] = (-math.inf, {})

    async def known_kits(self) -> dict[str, Kit]:
        """Return the kits that take from stock, as they were within the last minute."""
        if monotonic() - self._kits_known[0] > _KEPT:
            kits = {kit.item: kit for kit in await self.stock_kits()}
            self._kits_known = (monotonic(), kits)
        return self._kits_known[1]

    async def free_kits(self, kit: Kit) -> dict[str, Decimal]:
        """Return by warehouse how many could be sold; no kit is gathered from two."""
        free: dict[str, dict[str, Decimal]] = {}
        for item in await self._shelves_of({part.item for part in kit.parts}):
            for shelf in item.shelves:
                left = max(shelf.on_hand - shelf.committed, Decimal(0))
                free.setdefault(shelf.warehouse, {})[item.code] = left
        return {warehouse: Decimal(kits_available(kit, parts)) for warehouse, parts in free.items()}

    async def _shelves_of(self, items: Collection[str]) -> list[WireShelves]:
        return [
            one
            for where in any_of("ItemCode", sorted(items))
            async for rows in windows(
                self._service, "Items", key="ItemCode", select=fields_of(WireShelves), where=where
            )
            for one in read_all(_ROWS, rows, system=SYSTEM, record="parts of a kit")
        ]


def with_kits(told: Told, kits: Collection[Kit]) -> Told:
    """Tell of a kit whenever one of its parts is told of."""
    of_part: dict[str, set[str]] = {}
    for kit in kits:
        for part in kit.parts:
            of_part.setdefault(part.item, set()).add(kit.item)
    return told | {(at, kit) for at, item in told for kit in of_part.get(item, ())}
