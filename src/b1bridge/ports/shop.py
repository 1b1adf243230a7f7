"""What flows may ask of a shop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from b1bridge.domain.customers import Customer
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.orders import Order
from b1bridge.domain.payments import Payment
from b1bridge.domain.refunds import Refund
from b1bridge.domain.shipments import Fulfillment
from b1bridge.domain.stock import ShopStock


@runtime_checkable
class OrderSource(Protocol):
    """Reads orders."""

    async def order(self, ref: Ref) -> Order:
        """Read one order as it stands now, whatever the webhook said."""
        ...

    def orders_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each order changed at or after the moment, and when; oldest first."""
        ...


@runtime_checkable
class OrderVersions(Protocol):
    """Tells cheaply whether an order has changed, where the shop can."""

    async def version(self, order: Ref) -> str:
        """Return what Order.version would be now, with no more than one request."""
        ...


@runtime_checkable
class PaymentSource(Protocol):
    """Reads the money that shoppers paid."""

    async def payments(self, order: Ref) -> tuple[Payment, ...]:
        """Return the captured payments of one order, oldest first; failed ones are left out."""
        ...


@runtime_checkable
class PaidOrderSource(OrderSource, PaymentSource, Protocol):
    """Reads orders and what was paid for them."""


@runtime_checkable
class RefundSource(Protocol):
    """Reads the money that went back to shoppers."""

    async def refunds(self, order: Ref) -> tuple[Refund, ...]:
        """Return every refund of one order, oldest first, those not settled included."""
        ...


@runtime_checkable
class CustomerSource(Protocol):
    """Reads shoppers."""

    async def customer(self, ref: Ref) -> Customer:
        """Read one registered shopper as they stand now."""
        ...


@runtime_checkable
class StockTarget(Protocol):
    """Shows stock to shoppers."""

    def stock(self, skus: Collection[str] | None = None) -> AsyncIterator[ShopStock]:
        """Yield what the shop shows now, SKU by SKU, for every location; of these SKUs, if named.

        What a shop was told a moment ago may not show yet; the next comparison sees it.
        """
        ...

    async def set_stock(self, levels: Sequence[ShopStock]) -> None:
        """Show these quantities; the connector cuts the list into the batches its shop takes."""
        ...


@runtime_checkable
class ObservedShop(OrderSource, StockTarget, Protocol):
    """All that a report on stock reads of a shop."""


@runtime_checkable
class OrderAnnotations(Protocol):
    """Writes the books' number onto the shop's order, where the shop has a place for it."""

    async def annotate(self, order: Ref, posted: Posted) -> str:
        """Note the document's number on the order; repeating it changes nothing.

        Returns the order's version afterwards, or nothing where the shop does not tell.
        """
        ...


@runtime_checkable
class FulfillmentTarget(Protocol):
    """Shows shoppers what has left; the order itself is read as OrderSource reads it."""

    async def order(self, ref: Ref) -> Order:
        """Read one order as it stands now."""
        ...

    async def fulfillments(self, order: Ref) -> tuple[Fulfillment, ...]:
        """Return every fulfillment of an order, oldest first, those of other hands included."""
        ...

    async def fulfill(self, fulfillment: Fulfillment) -> str:
        """Enter one and return its id, without looking; callers look first (Run.write_once)."""
        ...

    async def correct(self, id_: str, fulfillment: Fulfillment) -> None:
        """Make carrier, tracking and mark what they are here; quantities cannot be changed."""
        ...

    async def withdraw(self, id_: str, fulfillment: Fulfillment) -> None:
        """Take one back that never left; one that is gone already stays gone."""
        ...
