"""What the platform knows about SAP Business One."""

from __future__ import annotations

import httpx

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.client.line import open_line
from b1bridge.connectors.sap_b1.doctor import doctor
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.ports.amending import Amending
from b1bridge.ports.books import (
    Books,
    BusinessPartners,
    Company,
    DeliverySource,
    Items,
    OutgoingPayments,
    Payments,
    PostingPeriods,
    SalesDocuments,
    SpecialItems,
    StandingDocuments,
    StockSource,
    TaxCodes,
)
from b1bridge.ports.crm_books import (
    DealBooks,
    DealDeliveries,
    DealOrders,
    InvoiceHistory,
    ItemProfiles,
    ItemTaxes,
    PartnerProfiles,
    PricedItems,
)
from b1bridge.ports.ledger import SalesLedger
from b1bridge.ports.lookups import (
    Availability,
    CodeLists,
    CompanyInfo,
    ContactBook,
    CustomerPrices,
    ItemCatalogue,
    Lookups,
    PartnerDirectory,
    ShipmentSearch,
)
from b1bridge.ports.tables import TableSource
from b1bridge.sdk.connector import Connector


def build(connection: str, settings: Settings, http: httpx.AsyncClient) -> SapBooks:
    """Make the books of one company."""
    return SapBooks(connection, settings, http)


CONNECTOR = Connector(
    key="sap-b1",
    title="SAP Business One",
    settings=Settings,
    capabilities=(
        Books,
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
        DeliverySource,
        StockSource,
        SalesLedger,
        TableSource,
        Lookups,
        ShipmentSearch,
        PartnerDirectory,
        ContactBook,
        ItemCatalogue,
        CustomerPrices,
        Availability,
        CodeLists,
        CompanyInfo,
        PartnerProfiles,
        ItemProfiles,
        PricedItems,
        ItemTaxes,
        InvoiceHistory,
        DealBooks,
        DealDeliveries,
        DealOrders,
    ),
    http=open_line,
    build=build,
    doctor=doctor,
)
