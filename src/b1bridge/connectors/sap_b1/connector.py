"""What the platform knows about SAP Business One."""

from __future__ import annotations

from functools import partial

import httpx

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.doctor import doctor
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.connectors.sap_b1.tls import dial_pinned, trust_of
from b1bridge.ports.books import (
    Books,
    BusinessPartners,
    Company,
    Items,
    Payments,
    SalesDocuments,
    StockSource,
)
from b1bridge.sdk.connector import Connector
from b1bridge.sdk.http import Dial, open_client


def open_line(settings: Settings) -> httpx.AsyncClient:
    """Open the line; a pinned certificate is looked at when the first request leaves."""
    dial: Dial | None = None
    if settings.certificate_sha256:
        dial = partial(dial_pinned, settings)
    return open_client(
        settings.service_root,
        connect=settings.connect_timeout,
        read=settings.read_timeout,
        connections=settings.concurrency * 2,
        trust=None if dial else trust_of(settings),
        dial=dial,
    )


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
        BusinessPartners,
        Items,
        SalesDocuments,
        Payments,
        StockSource,
    ),
    http=open_line,
    build=build,
    doctor=doctor,
)
