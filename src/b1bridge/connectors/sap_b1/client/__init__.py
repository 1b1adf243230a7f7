"""A client of SAP Business One's Service Layer that is usable without the hub."""

from b1bridge.connectors.sap_b1.client.alone import connected
from b1bridge.connectors.sap_b1.client.batch import Batch
from b1bridge.connectors.sap_b1.client.bearer import BearerToken
from b1bridge.connectors.sap_b1.client.hooks import Hooks
from b1bridge.connectors.sap_b1.client.line import open_line
from b1bridge.connectors.sap_b1.client.service_layer import Page, ServiceLayer
from b1bridge.connectors.sap_b1.client.settings import ClientSettings

__all__ = [
    "Batch",
    "BearerToken",
    "ClientSettings",
    "Hooks",
    "Page",
    "ServiceLayer",
    "connected",
    "open_line",
]
