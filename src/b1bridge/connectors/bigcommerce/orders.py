"""Reads orders: one as it stands, and those that changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter

from b1bridge.connectors.bigcommerce.account import Account
from b1bridge.connectors.bigcommerce.client import PAGE, SYSTEM
from b1bridge.connectors.bigcommerce.translate import order_from, version_from
from b1bridge.connectors.bigcommerce.wire import (
    ADDRESSES,
    CHANGES,
    COUPONS,
    PRODUCTS,
    TAXES,
    OrderParts,
    WireChange,
    WireOrder,
)
from b1bridge.domain.identity import Ref
from b1bridge.domain.orders import Order
from b1bridge.errors import Transient
from b1bridge.sdk.reading import read, read_all

T = TypeVar("T")


class Orders(Account):
    """The OrderSource and OrderVersions of one store."""

    async def order(self, ref: Ref) -> Order:
        """Read one order; Transient when the shop changed it while we read its parts."""
        before = await self._wire(ref)
        # Every request comes off the store's quota, so nothing is asked that must be empty.
        products, addresses, taxes, coupons = await asyncio.gather(
            self._rows(ref, "products", PRODUCTS),
            self._rows(ref, "shipping_addresses", ADDRESSES),
            self._rows(ref, "taxes", TAXES, details="true") if before.total_tax else _none(),
            self._rows(ref, "coupons", COUPONS) if before.coupon_discount else _none(),
        )
        if (await self._wire(ref)).date_modified != before.date_modified:
            msg = f"{ref} changed while it was being read"
            raise Transient(msg, system=SYSTEM)
        parts = OrderParts(before, products, addresses, taxes, coupons)
        return order_from(parts, self._connection)

    async def version(self, order: Ref) -> str:
        """Read the order's own record and none of its parts."""
        return version_from(await self._wire(order))

    async def orders_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield changed orders, oldest change first, whatever moves while we page.

        A page begins at the last change seen, not at a count of rows: an order that changes
        meanwhile leaves its place, and counted pages would then skip one (storefronts.md 1.3).
        """
        since, page, seen = moment, 1, set[tuple[int, datetime]]()
        while True:
            rows = await self._changes(since, page)
            for row in rows:
                if (row.id, row.date_modified) not in seen:
                    yield Ref(self._connection, "order", str(row.id)), row.date_modified
            if len(rows) < PAGE:
                return
            last = rows[-1].date_modified
            page = 1 if last > since else page + 1
            seen = {(row.id, row.date_modified) for row in rows} | (seen if page > 1 else set())
            since = max(since, last)

    async def _wire(self, ref: Ref) -> WireOrder:
        found = await self._client.get(f"v2/orders/{ref.id}", {"include": "fees"})
        return read(WireOrder, found, system=SYSTEM, record=str(ref))

    async def _rows(
        self, ref: Ref, name: str, rows: TypeAdapter[list[T]], **params: str
    ) -> list[T]:
        pages = self._client.v2_pages(f"v2/orders/{ref.id}/{name}", params)
        record = f"{ref} {name}"
        return [
            row
            async for page in pages
            for row in read_all(rows, page, system=SYSTEM, record=record)
        ]

    async def _changes(self, since: datetime, page: int) -> list[WireChange]:
        params: dict[str, str | int] = {
            "min_date_modified": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "sort": "date_modified:asc",
            "page": page,
            "limit": PAGE,
        }
        found = await self._client.get("v2/orders", params)
        return read_all(CHANGES, found or [], system=SYSTEM, record="changed orders")


async def _none() -> list[Any]:
    return []
