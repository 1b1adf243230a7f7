"""All that the flows ask of SAP, in one object composed of one module per capability."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence

import httpx

from b1bridge.connectors.sap_b1.business_partners import SapBusinessPartners
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.documents import SapDocuments
from b1bridge.connectors.sap_b1.items import SapItems
from b1bridge.connectors.sap_b1.payments import SapPayments
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.connectors.sap_b1.stock import SapStock
from b1bridge.domain.customers import BusinessPartner, NewBusinessPartner
from b1bridge.domain.documents import (
    Booked,
    CompanyRules,
    DocumentKind,
    Item,
    SalesDocument,
    Totals,
)
from b1bridge.domain.identity import Posted
from b1bridge.domain.payments import IncomingPayment
from b1bridge.domain.stock import StockLevel


class SapBooks:
    """The Books capability of one company."""

    def __init__(self, connection: str, settings: Settings, http: httpx.AsyncClient) -> None:
        self.connection = connection
        self.longest_write = settings.document_timeout
        self._service = ServiceLayer(http, settings)
        self._company = SapCompany(self._service, settings)
        self._partners = SapBusinessPartners(self._service)
        self._items = SapItems(self._service)
        self._documents = SapDocuments(self._service, settings, self._company)
        self._payments = SapPayments(self._service, self._company)
        self._stock = SapStock(self._service)

    async def rules(self) -> CompanyRules:
        """Return how the company counts."""
        return await self._company.rules()

    async def find_partner(self, code: str) -> BusinessPartner | None:
        """Return the customer with exactly this code."""
        return await self._partners.find_partner(code)

    async def partners_by_email(self, email: str) -> tuple[BusinessPartner, ...]:
        """Return every customer with this e-mail, case and outer space aside."""
        return await self._partners.partners_by_email(email)

    async def open_partner(self, partner: NewBusinessPartner) -> str:
        """Open a customer account under the code we chose."""
        return await self._partners.open_partner(partner)

    async def items(self, codes: Collection[str]) -> dict[str, Item]:
        """Return the items with exactly these codes."""
        return await self._items.items(codes)

    async def items_like(self, code: str) -> tuple[Item, ...]:
        """Return the items that differ by letter case only."""
        return await self._items.items_like(code)

    async def find_document(self, kind: DocumentKind, reference: str) -> Posted | None:
        """Return the standing document with our reference; a waiting draft raises."""
        return await self._documents.find_document(kind, reference)

    async def post_document(self, document: SalesDocument) -> Posted:
        """Post without looking first."""
        return await self._documents.post_document(document)

    async def totals_of(self, posted: Posted) -> Totals:
        """Read back what the document came to."""
        return await self._documents.totals_of(posted)

    async def booked(self, kind: DocumentKind, reference: str) -> Booked | None:
        """Return the standing document with our reference, its partner and totals."""
        return await self._documents.booked(kind, reference)

    async def find_payment(self, reference: str) -> Posted | None:
        """Return the standing payment with our reference."""
        return await self._payments.find_payment(reference)

    async def post_payment(self, payment: IncomingPayment) -> Posted:
        """Post without looking first."""
        return await self._payments.post_payment(payment)

    def stock_levels(self, warehouses: Sequence[str]) -> AsyncIterator[StockLevel]:
        """Yield every stock figure, ordered by item."""
        return self._stock.stock_levels(warehouses)

    async def aclose(self) -> None:
        """Log out of SAP; the next call would log in again."""
        await self._service.close()
