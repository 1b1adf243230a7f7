"""What the platform knows about BigCommerce."""

from __future__ import annotations

import httpx

from b1bridge.connectors.bigcommerce.annotations import Annotations
from b1bridge.connectors.bigcommerce.client import Client
from b1bridge.connectors.bigcommerce.customers import Customers
from b1bridge.connectors.bigcommerce.doctor import doctor
from b1bridge.connectors.bigcommerce.fulfillments import Fulfillments
from b1bridge.connectors.bigcommerce.ledger import Ledger
from b1bridge.connectors.bigcommerce.payments import Payments
from b1bridge.connectors.bigcommerce.refunds import Refunds
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.connectors.bigcommerce.stock import Stock
from b1bridge.connectors.bigcommerce.subscriptions import Subscriptions
from b1bridge.connectors.bigcommerce.webhooks import notices
from b1bridge.ports.ledger import ShopLedger
from b1bridge.ports.shop import (
    CustomerSource,
    FulfillmentTarget,
    OrderAnnotations,
    OrderSource,
    PaymentSource,
    RefundSource,
    StockTarget,
)
from b1bridge.ports.webhooks import WebhookSubscriptions
from b1bridge.sdk.connector import Connector
from b1bridge.sdk.http import open_client


class BigCommerce(
    Subscriptions, Fulfillments, Payments, Refunds, Customers, Stock, Annotations, Ledger
):
    """Everything that one connected store can do."""


def http(settings: Settings) -> httpx.AsyncClient:
    """Open the line to BigCommerce's API."""
    return open_client(settings.api_url)


def build(connection: str, settings: Settings, line: httpx.AsyncClient) -> BigCommerce:
    """Make the capabilities of one connection."""
    return BigCommerce(connection, Client(settings, line), settings)


CONNECTOR = Connector(
    key="bigcommerce",
    title="BigCommerce",
    settings=Settings,
    capabilities=(
        OrderSource,
        PaymentSource,
        RefundSource,
        CustomerSource,
        StockTarget,
        OrderAnnotations,
        FulfillmentTarget,
        WebhookSubscriptions,
        ShopLedger,
    ),
    http=http,
    build=build,
    doctor=doctor,
    notices=notices,
)
