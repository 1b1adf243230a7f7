"""Lists what a store sold and gave back, with a few requests for many orders (storefronts.md 1.3).

V2's list tells totals and tax but no transactions; what its payment status leaves open stays open.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, TypeAdapter

from b1bridge.connectors.bigcommerce.account import Account
from b1bridge.connectors.bigcommerce.client import PAGE, SYSTEM
from b1bridge.connectors.bigcommerce.translate import state_of
from b1bridge.connectors.bigcommerce.wire import ZERO, Amount, Moment, Text
from b1bridge.domain.identity import Ref
from b1bridge.domain.ledger import OrderSummary, RefundSummary
from b1bridge.domain.money import Money
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read, read_all

_PAID = {"captured", "paid"}
_UNPAID = {"", "authorized", "declined", "void"}
_GAVE_BACK = {4, 14}  # Refunded, Partially Refunded


class WireSummary(BaseModel):
    """As much of an order as its list is needed for."""

    id: int
    status_id: int
    date_created: Moment
    date_modified: Moment
    default_currency_code: str
    total_inc_tax: Amount
    total_tax: Amount
    refunded_amount: Amount = ZERO
    payment_status: Text = ""
    payment_method: Text = ""
    channel_id: int = 0
    is_deleted: bool = False


class WireRefundMade(BaseModel):
    """As much of a refund as its list is needed for."""

    id: int
    order_id: int
    created: Moment


_SUMMARIES = TypeAdapter(list[WireSummary])
_REFUNDS_MADE = TypeAdapter(list[WireRefundMade])


class Ledger(Account):
    """The ShopLedger of one store."""

    async def orders_placed(self, since: datetime, until: datetime) -> AsyncIterator[OrderSummary]:
        """Yield orders by id; a page begins behind the last id, so none is skipped meanwhile."""
        beyond = 1
        while True:
            rows = await self._page(since, until, beyond)
            for row in rows:
                # The bounds of the list are whole seconds and both included.
                if since <= row.date_created < until:
                    yield self._summary(row)
            if len(rows) < PAGE:
                return
            beyond = rows[-1].id + 1

    async def refunds_made(self, since: datetime, until: datetime) -> AsyncIterator[RefundSummary]:
        """Yield refunds by id."""
        number, rows = 1, list[WireRefundMade]()
        while number == 1 or len(rows) == PAGE:
            rows = await self._refunds_page(since, until, number)
            number += 1
            for row in rows:
                if since <= row.created < until:
                    order = Ref(self._connection, "order", str(row.order_id))
                    made = Ref(self._connection, "refund", f"{row.order_id}/{row.id}")
                    yield RefundSummary(made, order, row.created)

    async def order_summary(self, order: Ref) -> OrderSummary | None:
        """Read one order; an archived one is as good as deleted."""
        if not order.id.isdecimal():
            return None
        try:
            answer = await self._client.get(f"v2/orders/{order.id}")
        except Rejected as exc:
            if exc.reason != "NOT_FOUND":
                raise
            return None
        row = read(WireSummary, answer, system=SYSTEM, record=str(order))
        return None if row.is_deleted else self._summary(row)

    async def _refunds_page(
        self, since: datetime, until: datetime, number: int
    ) -> list[WireRefundMade]:
        params: dict[str, str | int] = {
            "created:min": since.isoformat(),
            "created:max": until.isoformat(),
            "page": number,
            "limit": PAGE,
        }
        # The published answer has no count of pages, unlike other lists of V3.
        found = await self._client.get("v3/orders/payment_actions/refunds", params)
        rows = found["data"] if found else []
        return read_all(_REFUNDS_MADE, rows, system=SYSTEM, record="refunds made")

    async def _page(self, since: datetime, until: datetime, beyond: int) -> list[WireSummary]:
        last = until + timedelta(seconds=1)
        params: dict[str, str | int] = {
            "min_date_created": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "max_date_created": last.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "min_id": beyond,
            "sort": "id:asc",
            "limit": PAGE,
        }
        found = await self._client.get("v2/orders", params)
        return read_all(_SUMMARIES, found or [], system=SYSTEM, record="orders placed")

    def _summary(self, row: WireSummary) -> OrderSummary:
        currency = row.default_currency_code
        total = Money(row.total_inc_tax, currency).rounded()
        received = {**dict.fromkeys(_PAID, total), **dict.fromkeys(_UNPAID, Money.zero(currency))}
        gave_back = row.status_id in _GAVE_BACK or row.refunded_amount
        return OrderSummary(
            ref=Ref(self._connection, "order", str(row.id)),
            number=str(row.id),
            state=state_of(row.status_id),
            placed_at=row.date_created,
            modified_at=row.date_modified,
            total=total,
            tax=Money(row.total_tax, currency).rounded(),
            received=received.get(row.payment_status),
            returned=None if gave_back else Money.zero(currency),
            payment_method=row.payment_method,
            channel=str(row.channel_id) if row.channel_id else "",
        )
