"""What every capability of one connection works with."""

from __future__ import annotations

from b1bridge.connectors.bigcommerce.client import Client


class Account:
    """One connected store, by the name the operator gave it."""

    def __init__(self, connection: str, client: Client) -> None:
        self._connection = connection
        self._client = client
