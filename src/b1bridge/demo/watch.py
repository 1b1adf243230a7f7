"""Watches the hub work, for the progress bar and to know when it has nothing left to do."""

from __future__ import annotations

import asyncio
import time

from rich.progress import Progress

from b1bridge.bootstrap import Hub
from b1bridge.engine.records import State
from b1bridge.errors import Transient

LOOK_SECONDS = 0.5
STUCK_SECONDS = 600


class Watch:
    """One bar over all runs; a run that waits for a person counts as worked off."""

    def __init__(self, hub: Hub, progress: Progress) -> None:
        self.hub = hub
        self.progress = progress
        self._bar = progress.add_task("runs worked off", total=None)
        self._seen: dict[str, int] = {}
        self._moved = time.monotonic()

    async def look(self) -> None:
        """Move the bar; raise Transient when nothing has moved for ten minutes."""
        counts = await self.hub.counts()
        if counts != self._seen:
            self._seen, self._moved = counts, time.monotonic()
        done = sum(counts[state] for state in (State.FINISHED, State.WAITING, State.DEAD))
        total = done + counts[State.QUEUED] + counts[State.RUNNING]
        self.progress.update(self._bar, completed=done, total=total)
        if time.monotonic() - self._moved > STUCK_SECONDS:
            msg = f"nothing has moved for {STUCK_SECONDS} s: {counts}"
            raise Transient(msg, system="hub")

    async def until_idle(self) -> None:
        """Wait until nothing is queued, running or due."""
        while not await self.hub.idle():
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)
        await self.look()
