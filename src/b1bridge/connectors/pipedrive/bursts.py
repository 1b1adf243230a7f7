"""Stays below what two seconds take, for each token (pipedrive-whatsapp.md 1.9)."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from b1bridge.connectors.pipedrive.settings import Plan, Settings

_WINDOW_SECONDS = 2.2
"""Theirs are two; the rest is what a request may take longer to reach them than the next one."""
_BY_TOKEN = {Plan.LITE: 20, Plan.GROWTH: 40, Plan.PREMIUM: 100, Plan.ULTIMATE: 120}
_BY_OAUTH = {Plan.LITE: 80, Plan.GROWTH: 160, Plan.PREMIUM: 400, Plan.ULTIMATE: 480}


def most_at_once(settings: Settings) -> int:
    """Return how many requests two seconds take with this plan and token."""
    return (_BY_OAUTH if settings.api_token is None else _BY_TOKEN)[settings.plan]


class Bursts:
    """A rolling window of requests; those of others who use our token count as well."""

    def __init__(
        self,
        limit: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limit = limit
        self._clock = clock
        self._sleep = sleep
        self._sent: deque[float] = deque()

    async def take(self) -> None:
        """Count one request; wait as long as the window is full."""
        while self._under_way() >= self._limit:
            await self._sleep(max(0.01, self._sent[0] + _WINDOW_SECONDS - self._clock()))
        self._sent.append(self._clock())

    def learn(self, left: int) -> None:
        """Note what an answer says is left; what we did not send, another process did just now."""
        others = self._limit - left - self._under_way()
        self._sent.extend([self._clock()] * max(0, others))

    def _under_way(self) -> int:
        now = self._clock()
        while self._sent and self._sent[0] + _WINDOW_SECONDS <= now:
            self._sent.popleft()
        return len(self._sent)
