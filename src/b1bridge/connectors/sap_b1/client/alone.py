"""The client without the hub: one line to open, and nothing left behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from b1bridge.connectors.sap_b1.client.bearer import BearerToken
from b1bridge.connectors.sap_b1.client.breaker import Breaker
from b1bridge.connectors.sap_b1.client.cookies import SavedSession
from b1bridge.connectors.sap_b1.client.hooks import Hooks
from b1bridge.connectors.sap_b1.client.line import open_line
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.settings import ClientSettings


@asynccontextmanager
async def connected(
    settings: ClientSettings,
    *,
    bearer: Callable[[], BearerToken] | None = None,
    hooks: Hooks | None = None,
    resumed: Sequence[SavedSession] = (),
) -> AsyncIterator[ServiceLayer]:
    """Open the line to a company, with a breaker of its own, and log out at the end."""
    async with open_line(settings) as http:
        service = ServiceLayer(
            http, settings, bearer=bearer, hooks=hooks, breaker=Breaker(), resumed=resumed
        )
        try:
            yield service
        finally:
            await service.close()
