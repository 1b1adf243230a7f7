"""What flows to and from a CRM may ask of the books."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Protocol, runtime_checkable

from b1bridge.domain.crm_profiles import InvoiceProfile, ItemProfile, ItemTax, PartnerProfile
from b1bridge.domain.identity import Ref
from b1bridge.ports.amending import Amending
from b1bridge.ports.books import Books, Company, DeliverySource, StandingDocuments
from b1bridge.ports.lookups import CustomerPrices


@runtime_checkable
class PartnerProfiles(Protocol):
    """Customers and leads with their people and what they owe."""

    async def partner_profile(self, ref: Ref, moment: datetime) -> PartnerProfile | None:
        """Read one as it stands at this moment; None where there is no such customer or lead."""
        ...

    def business_partners_changed_since(
        self, moment: datetime
    ) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each whose card, balance or overdue sum may have changed, and when; oldest first.

        One that changed in two ways is told twice, each time with a moment of its own.
        """
        ...


@runtime_checkable
class ItemProfiles(Protocol):
    """Items with their prices and stock."""

    async def item_profile(self, ref: Ref, moment: datetime) -> ItemProfile | None:
        """Read one as it stands at this moment; None where there is no such item."""
        ...

    def items_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each whose master record or stock may have changed, and when; oldest first."""
        ...


@runtime_checkable
class PricedItems(ItemProfiles, CustomerPrices, Company, Protocol):
    """Items, and what they cost whom."""


@runtime_checkable
class InvoiceHistory(StandingDocuments, Amending, Protocol):
    """Invoices and what was paid and credited of them, and the documents around them."""

    async def invoice_profile(self, ref: Ref) -> InvoiceProfile | None:
        """Read one invoice as it stands, cancelled ones too; None for one that cancels another."""
        ...

    def invoices_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each that was changed, paid or credited, and when; oldest first."""
        ...


@runtime_checkable
class ItemTaxes(Protocol):
    """The tax codes that items are sold with."""

    async def item_taxes(self, items: Collection[str], moment: datetime) -> dict[str, ItemTax]:
        """Return code and rate by item, as of this moment's day; items without are absent."""
        ...


@runtime_checkable
class DealBooks(Books, ItemTaxes, Protocol):
    """All that a deal needs to become an order."""


@runtime_checkable
class DealDeliveries(DeliverySource, StandingDocuments, Amending, Protocol):
    """Deliveries, and the documents around them."""


@runtime_checkable
class DealOrders(StandingDocuments, Amending, Protocol):
    """Sales orders of deals, and the documents around them."""

    async def order_reference(self, ref: Ref) -> str:
        """Return what an order carries as its reference."""
        ...

    def sales_orders_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each order of a deal that was changed, and when; oldest first."""
        ...
