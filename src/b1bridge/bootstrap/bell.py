"""Wakes who waits for a record, when a run of this process has come to an end for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TypeVar

from b1bridge.domain.identity import Ref

T = TypeVar("T")
_FIRST_POLL, _LONGEST_POLL = 0.1, 1.0
"""Seconds between looks for the end of a run in another process, which rings no bell here."""


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

    async def look_until(
        self,
        ref: Ref,
        within: float,
        look: Callable[[], Awaitable[T]],
        is_over: Callable[[T], bool],
    ) -> T:
        """Look again with each ring, and now and then, until it is over or the seconds are."""
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + within, _FIRST_POLL
        event = self.listen(ref)
        try:
            while True:
                event.clear()
                found = await look()
                left = end - loop.time()
                if left <= 0 or is_over(found):
                    return found
                await _rung(event, min(left, pause))
                pause = min(pause * 2, _LONGEST_POLL)
        finally:
            self.leave(ref, event)


async def _rung(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
