"""The books: what flows may ask of an ERP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, runtime_checkable

from b1bridge.domain.addresses import Placing
from b1bridge.domain.batches import Batch
from b1bridge.domain.coverage import SoldItem
from b1bridge.domain.customers import Address, BusinessPartner, NewBusinessPartner
from b1bridge.domain.documents import (
    Booked,
    CompanyRules,
    DocumentKind,
    Item,
    SalesDocument,
    Totals,
)
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.kits import Kit
from b1bridge.domain.outgoing_payments import OutgoingPayment
from b1bridge.domain.payments import IncomingPayment
from b1bridge.domain.periods import Period
from b1bridge.domain.shipments import Delivery
from b1bridge.domain.standing import Standing
from b1bridge.domain.stock import Moved, StockLevel
from b1bridge.domain.units import Unit
from b1bridge.ports.amending import Amending


@runtime_checkable
class Company(Protocol):
    """How the company counts."""

    async def rules(self) -> CompanyRules:
        """Return the rules that every document of this company follows."""
        ...


@runtime_checkable
class PostingPeriods(Protocol):
    """Which days take postings."""

    async def periods(self) -> tuple[Period, ...]:
        """Return the posting periods as they are now; nothing where the books do not tell."""
        ...


@runtime_checkable
class TaxCodes(Protocol):
    """The rates behind the tax codes."""

    async def tax_rates(self, codes: Collection[str], day: date) -> dict[str, Decimal]:
        """Return the rate in per cent that a sale of that day bears; unknown codes are absent."""
        ...


@runtime_checkable
class BusinessPartners(Protocol):
    """Customer accounts. ERP-owned fields are never overwritten: only ship-tos are ever added."""

    async def find_partner(self, code: str) -> BusinessPartner | None:
        """Return the customer with this code."""
        ...

    def partners(self) -> AsyncIterator[BusinessPartner]:
        """Yield every customer, ordered by code."""
        ...

    async def partners_by_email(self, email: str) -> tuple[BusinessPartner, ...]:
        """Return every customer whose e-mail equals this one, case and outer space aside."""
        ...

    async def partners_by_tax_id(self, tax_id: str) -> tuple[BusinessPartner, ...]:
        """Return every customer with this tax id, normalised on both sides."""
        ...

    async def partners_by_name(self, name: str) -> tuple[BusinessPartner, ...]:
        """Return the customers who may be meant by this name; callers compare what they know."""
        ...

    async def open_partner(self, partner: NewBusinessPartner) -> str:
        """Open the account and return its code; Rejected when the code is taken."""
        ...

    async def placing(self, address: Address) -> Placing:
        """Tell how an address would go into the books' fields."""
        ...

    async def ship_to_addresses(self, code: str) -> dict[str, Address]:
        """Return the ship-to addresses on a customer's card, by their names."""
        ...

    async def post_ship_to(self, code: str, address: Address) -> str:
        """Add one, without looking, and return its name; callers look first (Run.write_once)."""
        ...


@runtime_checkable
class Items(Protocol):
    """The item master."""

    async def items(self, codes: Collection[str]) -> dict[str, Item]:
        """Return the items that exist with exactly these codes; the missing are absent."""
        ...

    async def items_like(self, code: str) -> tuple[Item, ...]:
        """Return the items whose code differs from this one by letter case only."""
        ...


@runtime_checkable
class SpecialItems(Protocol):
    """What items are made of, packed in, and which batches of them there are."""

    async def kits(self, codes: Collection[str]) -> dict[str, Kit]:
        """Return the bills of materials that these items head; the others are absent."""
        ...

    async def unit(self, item: str, code: str) -> Unit | None:
        """Return the unit of this code, when the item is sold in it."""
        ...

    async def batches(self, items: Collection[str]) -> tuple[Batch, ...]:
        """Return what is free of each released batch of these items, in every warehouse.

        Raises NeedsOperator (BATCH_NEEDED) where the books do not tell.
        """
        ...


@runtime_checkable
class SalesDocuments(Protocol):
    """Invoices and sales orders."""

    async def find_document(self, kind: DocumentKind, reference: str) -> Posted | None:
        """Return the document that carries our reference, cancelled ones aside.

        Raises NeedsOperator (AWAITS_APPROVAL) when it was diverted to an approval draft.
        """
        ...

    async def post_document(self, document: SalesDocument) -> Posted:
        """Post, once, without looking; callers look first (Run.write_once)."""
        ...

    async def totals_of(self, posted: Posted) -> Totals:
        """Read back what the books came to: total, tax and freight in the document's currency."""
        ...

    async def booked(self, kind: DocumentKind, reference: str) -> Booked | None:
        """Find as find_document does, and tell in the same breath whose it is and its totals."""
        ...


@runtime_checkable
class StandingDocuments(Protocol):
    """Documents with their rows, as they stand."""

    async def standing(self, kind: DocumentKind, reference: str) -> tuple[Standing, ...]:
        """Return the documents in force under a reference and its revisions, oldest first."""
        ...


@runtime_checkable
class Payments(Protocol):
    """Incoming payments."""

    async def find_payment(self, reference: str) -> Posted | None:
        """Return the payment that carries our reference, cancelled ones aside."""
        ...

    async def post_payment(self, payment: IncomingPayment) -> Posted:
        """Post, once, without looking; callers look first (Run.write_once)."""
        ...


@runtime_checkable
class OutgoingPayments(Protocol):
    """Payments to business partners."""

    async def find_outgoing(self, reference: str) -> Posted | None:
        """Return the payment that carries our reference, cancelled ones aside."""
        ...

    async def post_outgoing(self, payment: OutgoingPayment) -> Posted:
        """Post, once, without looking; callers look first (Run.write_once)."""
        ...


@runtime_checkable
class StockSource(Protocol):
    """What the books count."""

    def stock_levels(self, warehouses: Sequence[str]) -> AsyncIterator[StockLevel]:
        """Yield every item in these warehouses that is sold, ordered by item."""
        ...

    def levels_of(
        self, items: Collection[str], warehouses: Sequence[str]
    ) -> AsyncIterator[StockLevel]:
        """Yield these items in these warehouses, sold or not, ordered by item."""
        ...

    async def stock_kits(self) -> tuple[Kit, ...]:
        """Return every kit with the stocked items that one piece takes, kits within included."""
        ...

    async def items_moved(self, since: str) -> Moved:
        """Return the items whose documents moved since a mark, some from before it included.

        Without a mark no item is told, but how far the books are now.
        """
        ...


@runtime_checkable
class DeliverySource(Protocol):
    """Goods that left a warehouse."""

    async def delivery(self, ref: Ref) -> Delivery:
        """Read one delivery as it stands now, cancelled ones too."""
        ...

    def deliveries_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield each delivery changed at or after the moment, and when; oldest first."""
        ...


@runtime_checkable
class StockBooks(Items, SpecialItems, StockSource, Protocol):
    """All that a comparison of stock reads."""


@runtime_checkable
class SoldItems(Protocol):
    """What is sold, and how fast."""

    async def units_sold(self, since: date) -> dict[str, Decimal]:
        """Return the inventory units invoiced since a day, by item."""
        ...

    def sold_items(self) -> AsyncIterator[SoldItem]:
        """Yield every item that is sold, ordered by code."""
        ...


@runtime_checkable
class MeasuredStock(StockBooks, SoldItems, Protocol):
    """All that a report on stock reads."""


@runtime_checkable
class Books(
    Company,
    TaxCodes,
    PostingPeriods,
    BusinessPartners,
    Items,
    SpecialItems,
    SalesDocuments,
    StandingDocuments,
    Amending,
    Payments,
    OutgoingPayments,
    StockSource,
    Protocol,
):
    """All of the ERP that the order, payment, customer and stock flows need."""
