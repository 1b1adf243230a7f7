"""Orders of clients that have no system of their own."""

from b1bridge.connectors.rest.connector import CONNECTOR

__all__ = ["CONNECTOR"]
