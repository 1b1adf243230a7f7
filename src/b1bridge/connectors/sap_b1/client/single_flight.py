"""Many may ask for the same thing at once; it is done once, and all get what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine


class SingleFlight:
    """At most one run at a time of what all wait for; a caller who gives up stops nobody else."""

    def __init__(self, make: Callable[[], Coroutine[None, None, None]], name: str) -> None:
        self._make = make
        self._name = name
        self._flight: asyncio.Task[None] | None = None

    async def join(self) -> None:
        """Wait for the run that is under way, or begin one; raises what it raised."""
        if self._flight is None:
            self._flight = asyncio.create_task(self._make(), name=self._name)
            self._flight.add_done_callback(self._landed)
        await asyncio.shield(self._flight)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # noted here, so that a flight nobody waits for is no warning
