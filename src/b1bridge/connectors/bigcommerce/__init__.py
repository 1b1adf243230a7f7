"""BigCommerce."""

from b1bridge.connectors.bigcommerce.connector import CONNECTOR

__all__ = ["CONNECTOR"]
