"""SAP Business One through its Service Layer."""

from b1bridge.connectors.sap_b1.client import ServiceLayer
from b1bridge.connectors.sap_b1.connector import CONNECTOR

__all__ = ["CONNECTOR", "ServiceLayer"]
