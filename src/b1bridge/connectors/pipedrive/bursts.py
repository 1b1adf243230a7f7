"""Stays below what two seconds take, for each token (pipedrive-whatsapp.md 1.9)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import inf

from b1bridge.connectors.pipedrive.settings import Plan, Settings

_WINDOW_SECONDS = 2.05
_AT_ONCE = 3
_A_MOMENT = 0.01
_REMEMBERED_SECONDS = 60.0
_BY_TOKEN = {Plan.LITE: 20, Plan.GROWTH: 40, Plan.PREMIUM: 100, Plan.ULTIMATE: 120}
_BY_OAUTH = {Plan.LITE: 80, Plan.GROWTH: 160, Plan.PREMIUM: 400, Plan.ULTIMATE: 480}


def most_at_once(settings: Settings) -> int:
    """Return how many requests two seconds take with this plan and token."""
    return (_BY_OAUTH if settings.api_token is None else _BY_TOKEN)[settings.plan]


@dataclass(slots=True)
class _Sent:
    """One request of ours: when it was sent, and until when it counts."""

    at: float
    counts_until: float = inf


class Bursts:
    """A rolling window of our requests, and what answers tell of others who use our token.

    Others show up in answers alone, so one request goes first, no more of ours is under way at
    once than a third of what is left, and once others were seen, a tenth of the window is left to
    what they have just sent. Their two seconds begin when a request arrives, which we know of by
    its answer alone, so it counts until two seconds after that.
    """

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
        self._ours: list[_Sent] = []
        self._others = 0
        self._told_at = self._seen_at = -inf

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """Wait until one more request fits, and yield when it was sent."""
        while self._unanswered() >= self._at_once():
            await self._sleep(_A_MOMENT)
        sent = _Sent(self._clock())
        self._ours.append(sent)
        try:
            yield sent.at
        finally:
            sent.counts_until = self._clock() + _WINDOW_SECONDS

    def learn(self, left: int, sent_at: float) -> None:
        """Note what the answer to a request says is left; ours that were sent later do not count.

        Some of those may have been counted all the same; the next answer knows better.
        """
        ours = sum(one.at <= sent_at for one in self._ours)
        self._others, self._told_at = max(0, self._limit - left - ours), self._clock()
        if self._others > self._unanswered():
            self._seen_at = self._told_at

    def _at_once(self) -> int:
        """Return how many may be under way: one until an answer tells what others do."""
        left = self._left()
        if left <= 0:
            return 0
        is_told = self._clock() < self._told_at + _WINDOW_SECONDS
        return max(1, left // _AT_ONCE) if is_told else 1

    def _left(self) -> int:
        now = self._clock()
        self._ours = [one for one in self._ours if one.counts_until > now]
        others = self._others if now < self._told_at + _WINDOW_SECONDS else 0
        is_shared = now < self._seen_at + _REMEMBERED_SECONDS
        margin = max(2, self._limit // 10) if is_shared else 0
        return self._limit - margin - others - len(self._ours)

    def _unanswered(self) -> int:
        return sum(one.counts_until == inf for one in self._ours)
