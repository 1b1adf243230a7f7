"""What a reconciliation may ask of both sides and of the hub: lists, never one record at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.ledger import (
    HubRecord,
    LedgerDocument,
    LedgerPayment,
    OrderSummary,
    PaymentKind,
    RefundSummary,
)


@runtime_checkable
class ShopLedger(Protocol):
    """Lists what a shop sold and gave back."""

    def orders_placed(self, since: datetime, until: datetime) -> AsyncIterator[OrderSummary]:
        """Yield each order placed at or after `since` and before `until`; carts included."""
        ...

    def refunds_made(self, since: datetime, until: datetime) -> AsyncIterator[RefundSummary]:
        """Yield each refund made at or after `since` and before `until`, of any order."""
        ...

    async def order_summary(self, order: Ref) -> OrderSummary | None:
        """Return one order of any age with one request, or None when the shop has deleted it."""
        ...


@runtime_checkable
class SalesLedger(Protocol):
    """Lists what the books hold under references that begin alike, cancelled ones included."""

    def documents_posted(
        self, kind: DocumentKind, prefix: str, since: date, until: date
    ) -> AsyncIterator[LedgerDocument]:
        """Yield the documents dated from `since` to `until`, both included, as entered."""
        ...

    def documents_under(
        self, kind: DocumentKind, references: Collection[str]
    ) -> AsyncIterator[LedgerDocument]:
        """Yield the documents of any date whose reference begins with one of these."""
        ...

    def payments_posted(
        self, kind: PaymentKind, prefix: str, since: date, until: date
    ) -> AsyncIterator[LedgerPayment]:
        """Yield the payments dated from `since` to `until`, both included, as entered."""
        ...

    def payments_under(
        self, kind: PaymentKind, references: Collection[str]
    ) -> AsyncIterator[LedgerPayment]:
        """Yield the payments of any date whose reference begins with one of these."""
        ...


@runtime_checkable
class HubLedger(Protocol):
    """Tells what the hub knows, record by record."""

    async def records(self, refs: Collection[Ref]) -> Mapping[Ref, HubRecord]:
        """Return what is known of these records; those never heard of are absent."""
        ...

    async def read_until(self, connection: str) -> datetime | None:
        """Return up to which change the orders of a shop have been looked through."""
        ...
