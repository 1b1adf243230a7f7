"""What every capability of one connection works with."""

from __future__ import annotations

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.settings import Settings


class Account:
    """One connected company, by the name the operator gave it."""

    def __init__(self, service: ServiceLayer, settings: Settings, connection: str = "") -> None:
        self._service = service
        self._settings = settings
        self._connection = connection
