"""Pipedrive: what finance knows for sales, and what sales has won for finance."""

from b1bridge.connectors.pipedrive.connector import CONNECTOR

__all__ = ["CONNECTOR"]
