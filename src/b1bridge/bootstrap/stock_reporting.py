"""Reports on stock: which sync is meant, and both its sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from b1bridge.bootstrap.lines import Lines
from b1bridge.domain.coverage import Covered
from b1bridge.domain.drift import Drift
from b1bridge.engine.flow import Flow
from b1bridge.engine.options import options_of
from b1bridge.engine.records import Sync
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import MeasuredStock
from b1bridge.ports.shop import ObservedShop
from b1bridge.reports.coverage import coverage_report
from b1bridge.reports.drift import drift_report
from b1bridge.storage.opening import Storage

STOCK_FLOW = "stock-to-shop"


@dataclass(frozen=True, slots=True)
class StockReporting:
    """Compares what shops show with what the books promise; nothing is written."""

    storage: Storage
    lines: Lines
    flows: Mapping[str, Flow]
    clock: Callable[[], datetime]

    async def drift(self, sync: str = "") -> list[Drift]:
        """Name every difference of one stock sync, the costliest first."""
        chosen = await self._chosen(sync)
        books, shop = await self._sides(chosen)
        options = options_of(self.flows[STOCK_FLOW], chosen.options)
        memory, now = self.storage.memory, self.clock()
        return await drift_report(books, shop, chosen.target, options, memory, now)

    async def coverage(self, sync: str = "") -> list[Covered]:
        """Say which SKUs and items have no counterpart, or one that cannot be sold."""
        chosen = await self._chosen(sync)
        books, shop = await self._sides(chosen)
        return await coverage_report(books, shop, self.storage.memory)

    async def _chosen(self, name: str) -> Sync:
        """Find the sync; without a name the one that compares everything."""
        syncs = [sync for sync in await self.storage.syncs.syncs() if sync.flow == STOCK_FLOW]
        named = [sync for sync in syncs if sync.name == name]
        whole = [sync for sync in syncs if not sync.options.get("moved_only")]
        if named or (len(whole or syncs) == 1 and not name):
            return (named or whole or syncs)[0]
        there = ", ".join(sync.name for sync in syncs) or "none"
        msg = f"which stock sync is meant? there are: {there}"
        raise NeedsOperator(msg, reason="UNKNOWN_SYNC", fix="name one with --sync")

    async def _sides(self, sync: Sync) -> tuple[MeasuredStock, ObservedShop]:
        books = (await self.lines.line(sync.source)).capabilities
        shop = (await self.lines.line(sync.target)).capabilities
        if isinstance(books, MeasuredStock) and isinstance(shop, ObservedShop):
            return books, shop
        msg = f"{sync.source} or {sync.target} cannot tell its items, stock and sales"
        raise NeedsOperator(msg, reason="CAPABILITY", fix="choose another sync")
