"""Opens connections to simulators, so that tests run the real connector code."""

from __future__ import annotations

from typing import Any

import httpx

from b1bridge.sdk.connector import Connector, Simulator
from b1bridge.testing.kept import kept_in_memory


def line_to(world: Simulator) -> httpx.AsyncBaseTransport:
    """Return a line into the simulator, in this process and without a socket."""
    return httpx.ASGITransport(world.app)


def connect(
    connector: Connector[Any],
    world: Simulator,
    *,
    name: str,
    line: httpx.AsyncBaseTransport | None = None,
) -> Any:
    """Open a connection to a simulated system and return the object with its capabilities.

    `line` may be a bad one (see testing.faults) around `line_to(world)`.
    """
    settings = connector.settings(**world.settings())
    return connector.opened(name, settings, client_for(world, line), kept_in_memory())


def client_for(world: Simulator, line: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Return the HTTP client that a connection to this simulator uses."""
    return httpx.AsyncClient(transport=line or line_to(world), base_url=world.base_url)
