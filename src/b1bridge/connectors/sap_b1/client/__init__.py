"""A client of SAP Business One's Service Layer that is usable without the hub."""

from b1bridge.connectors.sap_b1.client.line import open_line
from b1bridge.connectors.sap_b1.client.service_layer import Page, ServiceLayer
from b1bridge.connectors.sap_b1.client.settings import ClientSettings

__all__ = ["ClientSettings", "Page", "ServiceLayer", "open_line"]
