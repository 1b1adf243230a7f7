"""After the hub's database was lost: what both sides still know is put back.

Every document carries the reference of the record it came from, so links come from the books
alone. The shop tells how far it has been read: up to the first order without a document.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from b1bridge.bootstrap.lines import Lines
from b1bridge.bootstrap.reporting import Ends, Reporting
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.ledger import PaymentKind
from b1bridge.domain.orders import OrderState
from b1bridge.engine.flow import Flow
from b1bridge.reports.scope import Scope
from b1bridge.reports.stories import KINDS, Progress, Sides
from b1bridge.storage.opening import Storage
from b1bridge.storage.rebuilding import Found, Restored

_BATCH = 500
_STEP = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to.

    `orders` were read in the shop, `unlinked` of them are sales that the books have nothing of;
    `read_from` is where the next look begins.
    """

    shop: str
    links: int
    orders: int
    unlinked: int
    read_from: datetime


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """Restores links and watermarks of one hub; writes to neither side."""

    storage: Storage
    lines: Lines
    flows: Mapping[str, Flow]
    clock: Callable[[], datetime]

    @property
    def _reporting(self) -> Reporting:
        return Reporting(self.storage, self.lines, self.flows, self.clock)

    async def rebuild(
        self, shop: str, since: date, told: Progress, actor: str, *, books: str = ""
    ) -> Rebuilt:
        """Put back what is known of the orders placed and documents dated since a day."""
        begun = self.clock()
        ends = await self._reporting.ends(shop, books)
        sides = await self._reporting.sides(ends)
        view = await self._reporting.view(ends, hub_known=True)
        scope = Scope(shop, since, view.day_of(begun), view.rules.time_zone)
        restored = Restored(self.storage.database, self.clock)
        links = await self._links(sides, ends, scope, restored, told)
        orders, unlinked, first = await self._orders(sides, scope, restored, told)
        read_from = min(first or begun, begun)
        await self._watermarks(ends, read_from, scope.begins)
        found = Rebuilt(shop, links, orders, unlinked, read_from)
        await restored.note(f"{shop}: {links} links, {unlinked} of {orders} unlinked", actor)
        return found

    async def _links(
        self, sides: Sides, ends: Ends, scope: Scope, restored: Restored, told: Progress
    ) -> int:
        links, batch, count = 0, list[Found](), 0
        async for reference, posted in _standing(sides, scope):
            count += 1
            told("documents in the books", count, 0)
            ref = record_of(reference, scope)
            if ref is not None:
                other = Ref(ends.books, posted.kind, str(posted.entry))
                batch.append((ref, other, str(posted.number)))
            if len(batch) == _BATCH:
                links += await restored.keep(batch)
                batch = []
        return links + await restored.keep(batch)

    async def _orders(
        self, sides: Sides, scope: Scope, restored: Restored, told: Progress
    ) -> tuple[int, int, datetime | None]:
        """Count orders and those without a link; return when the first of these changed."""
        orders = unlinked = 0
        first: datetime | None = None
        for begins, ends in _steps(scope.begins, scope.ends):
            changed: dict[Ref, datetime] = {}
            async for one in sides.shop.orders_placed(begins, ends):
                orders += 1
                told("orders in the shop", orders, 0)
                if one.state is OrderState.OPEN:
                    changed[one.ref] = one.modified_at
            refs = list(changed)
            for at in range(0, len(refs), _BATCH):
                few = refs[at : at + _BATCH]
                left = set(few) - await restored.linked(few)
                unlinked += len(left)
                first = min(
                    (*(changed[ref] for ref in left), *filter(None, (first,))), default=None
                )
        return orders, unlinked, first

    async def _watermarks(self, ends: Ends, orders: datetime, rest: datetime) -> None:
        """Begin where work may be left; every run looks for its own earlier work anyway."""
        await self.storage.watermarks.move(ends.shop, "order", orders)
        for sync in ends.syncs:
            kind = self.flows[sync.flow].on if sync.flow in self.flows else "schedule"
            if kind not in {"order", "schedule"}:
                await self.storage.watermarks.move(sync.source, kind, rest)


def record_of(reference: str, scope: Scope) -> Ref | None:
    """Return the record that a reference of ours names; None when it names none.

    The second and later payments of a refund carry a number behind it: shop/refund/812/5/2.
    """
    if reference.count("/") < 2 or not reference.startswith(f"{scope.connection}/"):  # noqa: PLR2004 - connection/kind/id
        return None
    ref = Ref.parse(reference)
    if ref.kind != "refund":
        return ref
    return Ref(ref.connection, ref.kind, "/".join(ref.id.split("/")[:2]))


async def _standing(sides: Sides, scope: Scope) -> AsyncIterator[tuple[str, Posted]]:
    """Yield what stands in the books under our references, with the reference."""
    prefix, last = f"{scope.connection}/", scope.until + timedelta(days=1)
    for kind in KINDS:
        async for document in sides.books.documents_posted(kind, prefix, scope.since, last):
            if not document.cancelled:
                yield document.reference, document.posted
    for money in PaymentKind:
        async for payment in sides.books.payments_posted(money, prefix, scope.since, last):
            if not payment.cancelled:
                yield payment.reference, payment.posted


def _steps(begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """Cut a long time into pieces whose orders fit into memory."""
    found = []
    while begins < ends:
        found.append((begins, min(begins + _STEP, ends)))
        begins += _STEP
    return found
