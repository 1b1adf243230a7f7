"""Reads the orders that clients left with the hub, as a storefront's are read from its API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from b1bridge.connectors.rest.settings import Settings
from b1bridge.connectors.rest.translate import (
    BooksSay,
    currency_of,
    order_from,
    payments_from,
    version_from,
)
from b1bridge.connectors.rest.wire import SubmittedOrder
from b1bridge.domain.codes import CodeKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.orders import Order
from b1bridge.domain.payments import Payment
from b1bridge.domain.submissions import Submission
from b1bridge.errors import NeedsOperator
from b1bridge.ports.books import Company, TaxCodes
from b1bridge.ports.kept import Kept
from b1bridge.ports.lookups import CodeLists
from b1bridge.sdk.reading import read, read_json

SYSTEM = "the REST façade"


@runtime_checkable
class _Books(Company, TaxCodes, CodeLists, Protocol):
    """What is asked of the books while an order is read; each answer is kept there for a while."""


class RestOrders:
    """The OrderSource, OrderVersions and PaymentSource of one client company."""

    def __init__(self, connection: str, settings: Settings, kept: Kept) -> None:
        self._connection = connection
        self._settings = settings
        self._kept = kept

    async def order(self, ref: Ref) -> Order:
        """Read one order; what it leaves open is worked out with the books of this connection."""
        kept, wire = await self._sent(ref)
        books = await self._books()
        rules = await books.rules()
        day = rules.day_of(wire.placed_at or kept.received_at)
        currency = currency_of(ref, wire, self._settings.currency, rules)
        return order_from(kept, wire, currency, await _asked(books, wire, day))

    async def version(self, order: Ref) -> str:
        """Tell the version without asking the books."""
        return version_from(await self._submission(order))

    async def payments(self, order: Ref) -> tuple[Payment, ...]:
        """Return what the client says it has captured."""
        kept, wire = await self._sent(order)
        if not wire.payments:
            return ()
        rules = await (await self._books()).rules()
        return payments_from(kept, wire, currency_of(order, wire, self._settings.currency, rules))

    async def orders_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each order sent, replaced or cancelled at or after the moment."""
        changed = self._kept.submissions.submissions_changed_since
        async for found in changed(self._connection, "order", moment):
            yield found

    async def _sent(self, ref: Ref) -> tuple[Submission, SubmittedOrder]:
        kept = await self._submission(ref)
        body = read_json(kept.body, system=SYSTEM, record=str(ref))
        return kept, read(SubmittedOrder, body, system=SYSTEM, record=str(ref))

    async def _submission(self, ref: Ref) -> Submission:
        found = await self._kept.submissions.submission(ref)
        if found is None:
            msg = f"{ref}: no client has sent such an order"
            fix = "ignore the case: there is nothing to post"
            raise NeedsOperator(msg, reason="NOT_FOUND", fix=fix)
        return found

    async def _books(self) -> _Books:
        name = self._settings.books
        books = await self._kept.open_connection(name)
        if isinstance(books, _Books):
            return books
        msg = f"{self._connection}: its setting books names {name}, which keeps no books"
        raise NeedsOperator(msg, reason="CAPABILITY", fix="name the connection of the books there")


async def _asked(books: _Books, wire: SubmittedOrder, day: date) -> BooksSay:
    """Ask the books only for what the order names."""
    parts = [*wire.lines, *wire.charges]
    open_codes = {part.tax_code for part in parts if part.tax_rate is None}
    rates = await books.tax_rates(open_codes, day) if open_codes else {}
    freight = await books.codes(CodeKind.FREIGHT, day) if wire.charges else ()
    shipping = await books.codes(CodeKind.SHIPPING_TYPES, day) if wire.shipping_type else ()
    methods = await books.codes(CodeKind.PAYMENT_METHODS, day) if wire.payment_method else ()
    return BooksSay(
        rules=await books.rules(),
        tax_rates=rates,
        freight={one.name: int(one.code) for one in freight},
        shipping_types={one.name: int(one.code) for one in shipping},
        payment_methods=frozenset(one.code for one in methods),
    )
