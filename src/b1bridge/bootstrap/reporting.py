"""Reports over one hub: who is asked, and what the comparison goes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from b1bridge.bootstrap.lines import Lines
from b1bridge.bootstrap.stock_reporting import STOCK_FLOW, StockReporting
from b1bridge.domain.differences import Difference, OrderStory, View
from b1bridge.engine.flow import Flow
from b1bridge.engine.options import options_of
from b1bridge.engine.records import Sync
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import Company
from b1bridge.ports.ledger import SalesLedger, ShopLedger
from b1bridge.reports.month_end import Pack, pack_of
from b1bridge.reports.reconciliation import Reconciliation, reconciliation_of
from b1bridge.reports.scope import Scope
from b1bridge.reports.stock_differences import stock_differences
from b1bridge.reports.stories import Progress, Sides, stories
from b1bridge.storage.hub_ledger import StoredHubLedger
from b1bridge.storage.opening import Storage

_REFUNDS = "refund-to-credit-memo"
_RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ends:
    """The two connections that are compared, the syncs between them, and what they can do."""

    shop: str
    books: str
    syncs: tuple[Sync, ...]


@dataclass(frozen=True, slots=True)
class Reporting:
    """Compares the shops of a hub with its books."""

    storage: Storage
    lines: Lines
    flows: Mapping[str, Flow]
    clock: Callable[[], datetime]

    async def shops(self) -> list[str]:
        """Return the connections whose sales can be listed."""
        return await self._able(ShopLedger)

    async def reconcile(
        self,
        shop: str,
        since: date,
        until: date,
        told: Progress,
        *,
        books: str = "",
        closely: bool = False,
    ) -> Reconciliation:
        """Compare the orders of some days; both sides are read, nothing is written."""
        found, _, _ = await self._compared(shop, since, until, told, books, closely=closely)
        return found

    async def month_end(
        self, shop: str, since: date, until: date, told: Progress, *, books: str = ""
    ) -> Pack:
        """Compare a month, and draw up what finance closes it with."""
        found, stories, view = await self._compared(shop, since, until, told, books)
        return pack_of(found, stories, view)

    async def _compared(
        self,
        shop: str,
        since: date,
        until: date,
        told: Progress,
        books: str,
        *,
        closely: bool = False,
    ) -> tuple[Reconciliation, list[OrderStory], View]:
        ends = await self.ends(shop, books)
        sides = await self.sides(ends)
        view = await self.view(ends, hub_known=sides.hub is not None, closely=closely)
        scope = Scope(shop, since, until, view.rules.time_zone)
        found = list((await stories(sides, scope, view, told)).values())
        stock = await self._stock(ends, scope, view)
        return reconciliation_of(found, scope, view, stock), found, view

    async def _stock(self, ends: Ends, scope: Scope, view: View) -> list[Difference]:
        """Compare stock where the days are recent: neither side tells what it was."""
        if view.day_of(view.now) - scope.until > _RECENT:
            return []
        stock = StockReporting(self.storage, self.lines, self.flows, self.clock)
        return [
            one
            for sync in ends.syncs
            if sync.enabled and sync.flow == STOCK_FLOW and not sync.options.get("moved_only")
            for one in stock_differences(await stock.drift(sync.name), ends.shop, sync.name)
        ]

    async def ends(self, shop: str, books: str = "") -> Ends:
        """Find the books of a shop: those its syncs write to, or the only ones there are."""
        syncs = [s for s in await self.storage.syncs.syncs() if shop in {s.source, s.target}]
        orders = {s.target for s in syncs if s.source == shop and self._on(s) == "order"}
        candidates = sorted({books} if books else orders) or await self._able(SalesLedger)
        if len(candidates) == 1:
            return Ends(shop, candidates[0], tuple(syncs))
        msg = f"which books does {shop} go to? there are: {', '.join(candidates) or 'none'}"
        raise NeedsOperator(msg, reason="USAGE", fix="name one with --books")

    async def sides(self, ends: Ends) -> Sides:
        """Open both lines; a hub that knows nothing of the shop is left out."""
        shop = (await self.lines.line(ends.shop)).capabilities
        books = (await self.lines.line(ends.books)).capabilities
        if not isinstance(shop, ShopLedger):
            raise _cannot(ends.shop, "list what it sold")
        if not isinstance(books, SalesLedger):
            raise _cannot(ends.books, "list what was posted")
        hub = StoredHubLedger(self.storage.database)
        return Sides(shop, books, hub if await hub.knows(ends.shop) else None)

    async def view(self, ends: Ends, *, hub_known: bool, closely: bool = False) -> View:
        """Read what both sides are compared by."""
        books = (await self.lines.line(ends.books)).capabilities
        if not isinstance(books, Company):
            raise _cannot(ends.books, "tell how it counts")
        on = {s.flow: s for s in ends.syncs if s.enabled}
        tax = (await self.storage.crosswalks.crosswalk("tax")).codes
        return View(
            rules=await books.rules(),
            now=self.clock(),
            target=ends.books,
            hub_known=hub_known,
            read_until=await self.storage.watermarks.watermark(ends.shop, "order"),
            syncs={flow: sync.name for flow, sync in on.items()},
            accounts=(await self.storage.crosswalks.crosswalk("payment_method")).codes,
            tax_codes=frozenset(tax.values()),
            pays_out=self._pays_out(on.get(_REFUNDS)),
            closely=closely,
        )

    def _pays_out(self, refunds: Sync | None) -> bool | None:
        if refunds is None:
            return None
        chosen = options_of(self.flows[refunds.flow], refunds.options)
        return bool(getattr(chosen, "pay_out", True))

    def _on(self, sync: Sync) -> str:
        return self.flows[sync.flow].on if sync.flow in self.flows else ""

    async def _able(self, capability: type) -> list[str]:
        names = [one.name for one in await self.storage.connections.all()]
        return [
            name
            for name in names
            if isinstance((await self.lines.line(name)).capabilities, capability)
        ]


def _cannot(connection: str, what: str) -> NeedsOperator:
    msg = f"{connection} cannot {what}"
    return NeedsOperator(msg, reason="CAPABILITY", fix="choose another connection")
