"""Secrets that a connection renews by itself: what an operator typed in holds no longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Renewed(Protocol):
    """Keeps the newest secrets of each connection, sealed, for every process of the hub.

    They are forgotten when an operator enters the connection's secrets anew.
    """

    async def newest(self, connection: str) -> Mapping[str, str]:
        """Return what was kept last; nothing where nothing was renewed."""
        ...

    async def keep(self, connection: str, secrets: Mapping[str, str]) -> None:
        """Keep these instead of what was kept before."""
        ...


class RenewedHere:
    """Keeps them as long as the process lives."""

    def __init__(self) -> None:
        self._kept: dict[str, Mapping[str, str]] = {}

    async def newest(self, connection: str) -> Mapping[str, str]:
        """Return what was kept last."""
        return self._kept.get(connection, {})

    async def keep(self, connection: str, secrets: Mapping[str, str]) -> None:
        """Keep these instead."""
        self._kept[connection] = dict(secrets)
