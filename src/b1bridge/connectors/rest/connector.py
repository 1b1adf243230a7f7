"""What the platform knows about clients of the REST façade."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from b1bridge.connectors.rest.contacts import RestContacts
from b1bridge.connectors.rest.orders import RestOrders
from b1bridge.connectors.rest.settings import Settings
from b1bridge.ports.kept import Kept
from b1bridge.ports.lookups import ContactSource
from b1bridge.ports.shop import OrderSource, OrderVersions, PaymentSource
from b1bridge.sdk.connector import Connector, Finding
from b1bridge.sdk.doctor import well


class RestRecords(RestOrders, RestContacts):
    """All that clients leave with the hub."""


def http(settings: Settings) -> httpx.AsyncClient:
    """Open a line that nobody uses: these clients call us, and we never call them."""
    del settings
    return httpx.AsyncClient()


def build(connection: str, settings: Settings, line: httpx.AsyncClient, kept: Kept) -> RestRecords:
    """Make the capabilities of one client company over what the hub keeps for it."""
    del line
    return RestRecords(connection, settings, kept)


async def doctor(settings: Settings, line: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Say what there is to look at instead: the books have a doctor of their own."""
    del line
    yield well("books", f"orders are for {settings.books}; look at that connection, too")


CONNECTOR = Connector(
    key="rest",
    title="REST façade",
    settings=Settings,
    capabilities=(OrderSource, OrderVersions, PaymentSource, ContactSource),
    http=http,
    build_kept=build,
    doctor=doctor,
)
