"""Reads and writes what lies at each location of a store (storefronts.md 1.6)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Sequence

from b1bridge.connectors.bigcommerce.account import Account
from b1bridge.connectors.bigcommerce.client import SYSTEM
from b1bridge.connectors.bigcommerce.wire import INVENTORY
from b1bridge.domain.stock import ShopStock
from b1bridge.sdk.reading import read_all

MAX_ITEMS = 2000
SKUS_AT_ONCE = 50


class Stock(Account):
    """The StockTarget of one store; its quantities are on hand, the shop's own buffer included."""

    async def stock(self, skus: Collection[str] | None = None) -> AsyncIterator[ShopStock]:
        """Yield every SKU at every location; what was written a moment ago may not show yet."""
        for params in _questions(skus):
            async for page in self._client.v3_pages("v3/inventory/items", params):
                for item in read_all(INVENTORY, page, system=SYSTEM, record="inventory"):
                    for level in item.locations if _is_asked_for(item.identity.sku, skus) else ():
                        quantity = level.total_inventory_onhand
                        yield ShopStock(item.identity.sku, str(level.location_id), quantity)

    async def set_stock(self, levels: Sequence[ShopStock]) -> None:
        """Write absolute quantities, one batch after the other: two at once have no order."""
        for start in range(0, len(levels), MAX_ITEMS):
            items = [_item(level) for level in levels[start : start + MAX_ITEMS]]
            payload = {"reason": "stock as the books have it", "items": items}
            await self._client.put("v3/inventory/adjustments/absolute", payload)


def _item(level: ShopStock) -> dict[str, str | int]:
    return {
        "location_id": int(level.location),
        "sku": level.sku,
        "quantity": level.quantity,
    }


def _questions(skus: Collection[str] | None) -> Iterator[dict[str, str | int]]:
    """Ask for so many SKUs at once that the URL stays short; all, where one holds the comma."""
    if skus is None or any("," in sku for sku in skus):
        yield {}
        return
    named = sorted(skus)
    for start in range(0, len(named), SKUS_AT_ONCE):
        yield {"sku:in": ",".join(named[start : start + SKUS_AT_ONCE])}


def _is_asked_for(sku: str, skus: Collection[str] | None) -> bool:
    return bool(sku) and (skus is None or sku in skus)
