"""The catalogue; a product's prices are replaced as a whole (pipedrive-whatsapp.md 1.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from b1bridge.connectors.pipedrive.operations import PRODUCTS
from b1bridge.connectors.pipedrive.records import Records
from b1bridge.domain.crm import CrmRecord, Product


class Products(Records):
    """The ProductTarget of one company."""

    async def find_product(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the product with this code."""
        return await self._directories.products.find(key, as_of)

    async def add_product(self, product: Product) -> str:
        """Add one and return its id."""
        payload = await self._product(product)
        return await self._added(PRODUCTS["add"], payload, product.key, self._directories.products)

    async def change_product(self, id_: str, product: Product) -> bool:
        """Make one what it is here."""
        payload = await self._product(product)
        return await self._changed(PRODUCTS["change"], id_, payload, self._directories.products)

    async def close_product(self, id_: str) -> bool:
        """Let no new deal take it."""
        closed = {"is_linkable": False}
        return await self._changed(PRODUCTS["change"], id_, closed, self._directories.products)

    async def _product(self, one: Product) -> dict[str, Any]:
        return {
            "name": one.name,
            "code": one.key,
            "unit": one.unit,
            "tax": one.tax,
            "is_linkable": one.is_sold,
            "prices": [{"currency": p.currency, "price": p.amount} for p in one.prices],
            "custom_fields": await self._fields.written(CrmRecord.PRODUCT, one.fields),
        }
