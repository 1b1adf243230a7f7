"""What clients of the hub look up in the books behind their connection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, runtime_checkable

from b1bridge.bootstrap.lines import Lines
from b1bridge.domain.codes import Code, CodeKind
from b1bridge.domain.contacts import Contact
from b1bridge.domain.customers import BusinessPartner
from b1bridge.domain.directory import CatalogueItem, CompanyCard, CustomerPrice, PartnerCard
from b1bridge.domain.free_stock import FreeStock
from b1bridge.domain.listing import Listed
from b1bridge.domain.shipment_search import (
    Shipment,
    ShipmentQuery,
    own_reference,
    reference_in_books,
)
from b1bridge.domain.table_rows import ColumnKind, Table, TableQuery, TableRow
from b1bridge.errors import NeedsOperator
from b1bridge.ports.inflight import InFlight
from b1bridge.ports.lookups import Lookups
from b1bridge.procedures.free_stock import free_stock_of


@runtime_checkable
class _WorksWithBooks(Protocol):
    """A connection whose settings say whose books its clients work with."""

    books: str


@dataclass(frozen=True, slots=True)
class LookupDesk:
    """Answers for one client connection, always named first; nothing is written.

    Errors are those of the books: Transient and ConnectionBroken while SAP is away. What is not
    there is None, and never an error.
    """

    lines: Lines
    in_flight: InFlight
    clock: Callable[[], datetime]

    async def shipments(self, connection: str, query: ShipmentQuery) -> Listed[Shipment]:
        """Find deliveries; references go in and come out as the client gave them to its orders.

        What was ordered by somebody else has no reference here.
        """
        books = await self._books(connection)
        theirs = tuple(reference_in_books(connection, one) for one in query.references)
        page = await books.shipments(replace(query, references=theirs))
        return Listed(tuple(_as_told_to(connection, one) for one in page.rows), page.last)

    async def customers(
        self, connection: str, *, name: str = "", email: str = "", after: str = "", limit: int
    ) -> Listed[BusinessPartner]:
        """Return a page of the customers, ordered by code."""
        books = await self._books(connection)
        return await books.customers(name=name, email=email, after=after, limit=limit)

    async def customer(self, connection: str, code: str) -> PartnerCard | None:
        """Return one customer."""
        return await (await self._books(connection)).customer_card(code)

    async def contacts(self, connection: str, customer: str) -> tuple[Contact, ...] | None:
        """Return the people of a customer; None where there is no such customer."""
        return await (await self._books(connection)).contacts_of(customer)

    async def items(
        self, connection: str, *, name: str = "", after: str = "", limit: int
    ) -> Listed[CatalogueItem]:
        """Return a page of what is sold, ordered by code."""
        return await (await self._books(connection)).catalogue(name=name, after=after, limit=limit)

    async def item(self, connection: str, code: str) -> CatalogueItem | None:
        """Return one item, sold or not."""
        return (await (await self._books(connection)).catalogue_items([code])).get(code)

    async def price(
        self,
        connection: str,
        customer: str,
        item: str,
        quantity: Decimal = Decimal(1),
        day: date | None = None,
    ) -> CustomerPrice | None:
        """Return what one unit costs, today or on a day; None for a code that nobody knows."""
        books = await self._books(connection)
        return await books.price_for(customer, item, quantity, day or await self._today(books))

    async def availability(
        self, connection: str, items: Collection[str], warehouses: Sequence[str]
    ) -> list[FreeStock]:
        """Return what is free of the items that exist."""
        books = await self._books(connection)
        return await free_stock_of(books, items, warehouses, await self.in_flight.quantities())

    async def codes(self, connection: str, kind: CodeKind) -> tuple[Code, ...]:
        """Return a list of codes as it is today."""
        books = await self._books(connection)
        return await books.codes(kind, await self._today(books))

    async def company(self, connection: str) -> CompanyCard:
        """Ask the books who they belong to, which also tells whether they answer."""
        return await (await self._books(connection)).company_card()

    async def table_columns(self, connection: str, table: Table) -> Mapping[str, ColumnKind]:
        """Return the columns of a table that may be asked for."""
        return (await self._books(connection)).table_columns(table)

    async def table_rows(self, connection: str, query: TableQuery) -> list[TableRow]:
        """Return documents as rows of their table, references as the books have them."""
        return await (await self._books(connection)).table_rows(query)

    async def _today(self, books: Lookups) -> date:
        return (await books.rules()).day_of(self.clock())

    async def _books(self, connection: str) -> Lookups:
        settings = (await self.lines.line(connection)).settings
        if not isinstance(settings, _WorksWithBooks):
            msg = f"{connection} has no books behind it that clients could look into"
            raise NeedsOperator(msg, reason="CAPABILITY", fix="name a connection to `rest`")
        found = (await self.lines.line(settings.books)).capabilities
        if isinstance(found, Lookups):
            return found
        msg = f"{settings.books}, the books of {connection}, cannot be looked into"
        fix = f"let the setting `books` of {connection} name a connection to SAP"
        raise NeedsOperator(msg, reason="CAPABILITY", fix=fix)


def _as_told_to(connection: str, shipment: Shipment) -> Shipment:
    rows = (
        replace(row, reference=own_reference(connection, row.reference)) for row in shipment.rows
    )
    return replace(shipment, rows=tuple(rows))
