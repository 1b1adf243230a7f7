"""Wakes who waits for a record, when a run of this process has come to an end for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from b1bridge.domain.identity import Ref


class Bell:
    """One per hub; what happens in other processes it does not hear."""

    def __init__(self) -> None:
        self._waiting: dict[Ref, set[asyncio.Event]] = defaultdict(set)

    def ring(self, ref: Ref) -> None:
        """Wake all who wait for this record."""
        for event in self._waiting.get(ref, ()):
            event.set()

    def listen(self, ref: Ref) -> asyncio.Event:
        """Return what the next ring sets; give it back with `leave`."""
        event = asyncio.Event()
        self._waiting[ref].add(event)
        return event

    def leave(self, ref: Ref, event: asyncio.Event) -> None:
        """Wait no more."""
        self._waiting[ref].discard(event)
        if not self._waiting[ref]:
            del self._waiting[ref]
