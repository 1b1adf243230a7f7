"""Who is who in Pipedrive: our keys and its ids, read once by list and kept up by deltas.

A search would cost 20 tokens a record and lags behind writes (pipedrive-whatsapp.md 1.6); a list
costs 10 for 500 records. Runs of one record take turns, in whatever process, so a key that is not
here needs a new look only where an earlier write of it may have left no trace here:

- its answer was lost in this process: the next question reads again (`doubt`);
- an earlier attempt, perhaps in a process that died or in another one, may have written: whoever
  asks says how new the answer must be (`as_of`, Run.as_of), and many that ask together share one
  reading.

A first attempt needs none of it. But people give our keys to records, too: they type an item's
code on a product of theirs, and open the item in the books a moment later. So a key that is not
here is looked for again once the last reading is 15 seconds old, which costs a first load of
60,000 records some 10 tokens in 15 seconds, hundreds of which go into its writes; a key that
moved from one record to another is found after ten minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.errors import NeedsOperator
from b1bridge.sdk.per_loop import PerLoop

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST = timedelta(minutes=10)
_OLDEST_WITHOUT = timedelta(seconds=15)
_PAUSE = timedelta(seconds=1)
"""An attempt is never made again sooner after the one before (engine/retry.py)."""
_OVERLAP = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that carries a key of ours."""

    id: str
    key: str
    updated_at: datetime


Listing = Callable[[datetime | None, Sequence[str]], AsyncIterator[Entry]]
"""Yields what was updated since a moment, or has one of these ids, or everything.

The key of others' records is empty.
"""


@dataclass(slots=True)
class Directory:
    """The keys of one kind of record."""

    what: str
    listing: Listing
    clock: Callable[[], datetime]
    _ids: dict[str, set[str]] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _newest: datetime | None = None
    _read_at: datetime = _NEVER
    _doubted_at: datetime = _NEVER
    _reading: PerLoop[asyncio.Lock] = field(default_factory=lambda: PerLoop(asyncio.Lock))

    async def find(self, key: str, as_of: datetime | None = None) -> str | None:
        """Return the id of the record with this key; NeedsOperator when there are several.

        What was written before `as_of` is found; without it, what was written by ourselves, or by
        others some seconds ago.
        """
        if self._is_behind(key, as_of):
            async with self._reading.here():
                if self._is_behind(key, as_of):
                    await self._read()
        found = self._ids.get(key) or set()
        if len(found) > 1:
            found = await self._standing(key, found)
        if len(found) > 1:
            raise _several(self.what, key, found)
        return next(iter(found), None)

    def added(self, key: str, id_: str) -> None:
        """Note a record that we have just made."""
        self._enter(id_, key)

    def doubt(self) -> None:
        """Read again before the next answer: a write of ours may have been carried out."""
        self._doubted_at = self.clock()

    def forget(self, id_: str) -> None:
        """Drop a record that is gone."""
        self._enter(id_, "")

    def _is_behind(self, key: str, as_of: datetime | None) -> bool:
        oldest = _OLDEST if self._ids.get(key) else _OLDEST_WITHOUT
        if self._read_at <= self._doubted_at or self.clock() - self._read_at >= oldest:
            return True
        return as_of is not None and self._read_at < as_of - _PAUSE

    async def _standing(self, key: str, ids: set[str]) -> set[str]:
        """Ask which of these still carry the key: what is merged or deleted leaves every list."""
        keys = {one.id: one.key async for one in self.listing(None, sorted(ids))}
        for id_ in list(ids):
            self._enter(id_, keys.get(id_, ""))
        return self._ids.get(key) or set()

    async def _read(self) -> None:
        began = self.clock()
        since = None if self._newest is None else self._newest - _OVERLAP
        async for entry in self.listing(since, ()):
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
