"""What a client of the hub may look up in the books: one small Protocol per question."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Protocol, runtime_checkable

from b1bridge.domain.codes import Code, CodeKind
from b1bridge.domain.contacts import Contact, NewContact
from b1bridge.domain.customers import BusinessPartner
from b1bridge.domain.directory import CatalogueItem, CompanyCard, CustomerPrice, PartnerCard
from b1bridge.domain.identity import Ref
from b1bridge.domain.listing import Listed
from b1bridge.domain.shipment_search import Shipment, ShipmentQuery
from b1bridge.domain.units import Unit
from b1bridge.ports.books import Company, StockBooks
from b1bridge.ports.tables import TableSource


@runtime_checkable
class ShipmentSearch(Protocol):
    """Finds deliveries."""

    async def shipments(self, query: ShipmentQuery) -> Listed[Shipment]:
        """Return a page in the order of their keys, which is that in which they were posted.

        A page costs a fixed handful of requests, however many rows and orders it holds.
        """
        ...


@runtime_checkable
class PartnerDirectory(Protocol):
    """Lists customers; suppliers and leads are never returned."""

    async def customers(
        self, *, name: str = "", email: str = "", after: str = "", limit: int
    ) -> Listed[BusinessPartner]:
        """Return a page of those whose name and e-mail hold these texts, ordered by code."""
        ...

    async def customer_card(self, code: str) -> PartnerCard | None:
        """Return one customer with the addresses; None where there is no such customer."""
        ...


@runtime_checkable
class ContactBook(Protocol):
    """The people of a customer."""

    async def contacts_of(self, partner: str) -> tuple[Contact, ...] | None:
        """Return everybody on the card; None where there is no such customer."""
        ...

    async def post_contact(self, contact: NewContact) -> Contact:
        """Add somebody, without looking; callers look first (Run.write_once).

        Transient when somebody else took the name in the same moment.
        """
        ...


@runtime_checkable
class ContactSource(Protocol):
    """Reads the contacts that a client handed in."""

    async def contact(self, ref: Ref) -> NewContact:
        """Return one as it was handed in."""
        ...


@runtime_checkable
class ItemCatalogue(Protocol):
    """Lists what is sold."""

    async def catalogue(
        self, *, name: str = "", after: str = "", limit: int
    ) -> Listed[CatalogueItem]:
        """Return a page of the items that are sold and whose name holds a text, by their codes."""
        ...

    async def catalogue_items(self, codes: Collection[str]) -> dict[str, CatalogueItem]:
        """Return the items, sold or not, that exist with exactly these codes."""
        ...


@runtime_checkable
class CustomerPrices(Protocol):
    """Knows what an item costs whom."""

    async def price_for(
        self,
        customer: str,
        item: str,
        quantity: Decimal,
        day: date,
        *,
        unit: Unit | None = None,
    ) -> CustomerPrice | None:
        """Return the price of one unit when so many are bought; None for unknown codes.

        It is the item's usual unit where none is named.
        """
        ...


@runtime_checkable
class Availability(StockBooks, Protocol):
    """All that is needed to tell how much of an item is free."""


@runtime_checkable
class CodeLists(Protocol):
    """The short lists of codes."""

    async def codes(self, kind: CodeKind, day: date) -> tuple[Code, ...]:
        """Return one list as it is on a day: what a sale may name, ordered by code."""
        ...


@runtime_checkable
class CompanyInfo(Protocol):
    """Who the company is."""

    async def company_card(self) -> CompanyCard:
        """Ask the books themselves, so that an answer proves that they are there."""
        ...


@runtime_checkable
class Lookups(
    Company,
    ShipmentSearch,
    PartnerDirectory,
    ContactBook,
    ItemCatalogue,
    CustomerPrices,
    Availability,
    CodeLists,
    CompanyInfo,
    TableSource,
    Protocol,
):
    """Everything that clients look up."""
