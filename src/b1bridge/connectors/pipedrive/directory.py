"""Who is who in Pipedrive: our keys and its ids, read once by list and kept up by deltas.

A search would cost 20 tokens a record and lags behind writes (pipedrive-whatsapp.md 1.6); a list
costs 10 for 500 records. Nothing is found here that is older than two seconds, which is less than
any attempt waits before it is made again: so a write whose answer was lost, here or in another
process, is seen by the attempt that follows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from time import monotonic

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.errors import NeedsOperator
from b1bridge.sdk.per_loop import PerLoop

FRESH_SECONDS = 2.0
_OVERLAP = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that carries a key of ours."""

    id: str
    key: str
    updated_at: datetime


Listing = Callable[[datetime | None], AsyncIterator[Entry]]
"""Yields what was updated since a moment, or everything; the key of others is empty."""


@dataclass(slots=True)
class Directory:
    """The keys of one kind of record."""

    what: str
    listing: Listing
    _ids: dict[str, set[str]] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _newest: datetime | None = None
    _read_at: float = -inf
    _reading: PerLoop[asyncio.Lock] = field(default_factory=lambda: PerLoop(asyncio.Lock))

    async def find(self, key: str) -> str | None:
        """Return the id of the record with this key; NeedsOperator when there are several."""
        if monotonic() - self._read_at >= FRESH_SECONDS:
            async with self._reading.here():
                if monotonic() - self._read_at >= FRESH_SECONDS:
                    await self._read()
        found = self._ids.get(key) or set()
        if len(found) > 1:
            raise _several(self.what, key, found)
        return next(iter(found), None)

    def added(self, key: str, id_: str) -> None:
        """Note a record that we have just made."""
        self._enter(id_, key)

    def forget(self, id_: str) -> None:
        """Drop a record that is gone."""
        self._enter(id_, "")

    async def _read(self) -> None:
        began = monotonic()
        since = None if self._newest is None else self._newest - _OVERLAP
        async for entry in self.listing(since):
            self._enter(entry.id, entry.key)
            if self._newest is None or entry.updated_at > self._newest:
                self._newest = entry.updated_at
        self._read_at = began

    def _enter(self, id_: str, key: str) -> None:
        before = self._keys.pop(id_, "")
        if before:
            self._ids[before].discard(id_)
        if key:
            self._keys[id_] = key
            self._ids.setdefault(key, set()).add(id_)


@dataclass(slots=True)
class Directories:
    """The directories of one company."""

    organizations: Directory
    persons: Directory
    products: Directory
    notes: Directory


def _several(what: str, key: str, ids: set[str]) -> NeedsOperator:
    named = ", ".join(sorted(ids, key=int))
    msg = f"{SYSTEM}: several {what}s stand for {key}: {named}"
    fix = f"merge these {what}s in Pipedrive, or clear the key of all but one; then retry the case"
    return NeedsOperator(msg, system=SYSTEM, reason="CRM_DUPLICATE", fix=fix)
