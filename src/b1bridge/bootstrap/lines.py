"""Lines to the remote systems: connector, settings and HTTP client of each connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from b1bridge.engine.calls import Watched
from b1bridge.errors import NeedsOperator
from b1bridge.ports.kept import Kept
from b1bridge.ports.submissions import Submissions
from b1bridge.ports.usage import Usage
from b1bridge.sdk.connector import Connector, Leaving
from b1bridge.storage.connections import StoredConnections

_FRESH_SECONDS = 30.0
"""How long changed settings may go unnoticed; another process may have changed them."""


@dataclass(slots=True)
class Line:
    """One connection, opened: `capabilities` is what flows are given."""

    connector: Connector[Any]
    settings: BaseModel
    stored: dict[str, Any]
    http: httpx.AsyncClient
    capabilities: object
    checked_at: float


class Lines:
    """Opens each connection once; opens it anew when its settings have changed."""

    def __init__(
        self,
        connections: StoredConnections,
        connectors: Mapping[str, Connector[Any]],
        transports: Mapping[str, httpx.AsyncBaseTransport],
        submissions: Submissions,
        usage: Usage,
        clock: Callable[[], datetime],
    ) -> None:
        self._connections = connections
        self._connectors = connectors
        self._transports = transports
        self._kept = Kept(submissions, usage, self._lent, clock, connections)
        self._open: dict[str, Line] = {}
        self._opening = asyncio.Lock()

    async def line(self, name: str) -> Line:
        """Return the open line of a connection; NeedsOperator when there is no such connection."""
        found = self._open.get(name)
        if found is not None and time.monotonic() - found.checked_at < _FRESH_SECONDS:
            return found
        async with self._opening:
            return await self._checked(name)

    async def drop(self, name: str) -> None:
        """Close a line; the next use opens it with the settings of then."""
        line = self._open.pop(name, None)
        if line is not None:
            if isinstance(line.capabilities, Leaving):
                await line.capabilities.aclose()
            await line.http.aclose()

    async def close(self) -> None:
        """Close every line."""
        for name in list(self._open):
            await self.drop(name)

    def connector(self, key: str) -> Connector[Any]:
        """Return a connector by its key; NeedsOperator names those there are."""
        found = self._connectors.get(key)
        if found is None:
            msg = f"there is no connector {key!r}; there are {', '.join(sorted(self._connectors))}"
            raise NeedsOperator(msg, reason="UNKNOWN_CONNECTOR", fix="choose one of these")
        return found

    async def _checked(self, name: str) -> Line:
        stored = await self._connections.full_settings(name)
        if stored is None:
            msg = f"there is no connection named {name!r}"
            raise NeedsOperator(msg, reason="UNKNOWN_CONNECTION", fix="list the connections")
        key, settings = stored
        found = self._open.get(name)
        if found is not None and found.stored == settings and found.connector.key == key:
            found.checked_at = time.monotonic()
            return found
        await self.drop(name)
        line = self._opened(name, self.connector(key), settings)
        self._open[name] = line
        return line

    async def _lent(self, name: str) -> object:
        """Return the capabilities of a connection to another one; their errors name the first."""
        return Watched(name, (await self.line(name)).capabilities)

    def _opened(self, name: str, connector: Connector[Any], stored: dict[str, Any]) -> Line:
        settings = checked_settings(connector, stored)
        http = connector.http(settings)
        if name in self._transports:
            http = _through(self._transports[name], http)
        capabilities = connector.opened(name, settings, http, self._kept)
        return Line(connector, settings, stored, http, capabilities, time.monotonic())


def checked_settings(connector: Connector[Any], given: Mapping[str, Any]) -> BaseModel:
    """Read settings as the connector declares them; NeedsOperator names the field."""
    try:
        settings: BaseModel = connector.settings.model_validate(dict(given))
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)
        texts = [f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in wrong]
        msg = f"{connector.title}: {'; '.join(texts)}"
        raise NeedsOperator(msg, reason="SETTINGS", fix="correct the settings") from error
    return settings


def parted(settings: BaseModel) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings to keep in the clear, and those to seal."""
    secret = {
        name: value.get_secret_value()
        for name in type(settings).model_fields
        if isinstance(value := getattr(settings, name), SecretStr)
    }
    return settings.model_dump(mode="json", exclude=set(secret)), secret


def _through(transport: httpx.AsyncBaseTransport, http: httpx.AsyncClient) -> httpx.AsyncClient:
    # The connector's own client has made no socket yet: it dials at its first request.
    return httpx.AsyncClient(
        transport=transport,
        base_url=http.base_url,
        headers=http.headers,
        timeout=http.timeout,
        auth=http.auth,
        event_hooks=http.event_hooks,
        follow_redirects=http.follow_redirects,
    )
