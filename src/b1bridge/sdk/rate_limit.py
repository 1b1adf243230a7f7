"""Stays within a quota that the other side counts down in its answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class Allowance:
    """So many requests until a moment; `keep` of them are left to the account's other apps.

    Nothing is held back before the first answer has told what is left.
    """

    def __init__(
        self,
        *,
        keep: int = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._keep = keep
        self._clock = clock
        self._sleep = sleep
        self._left: int | None = None
        self._renewed_at = 0.0

    async def take(self) -> None:
        """Count one request; wait for the next window when this one is used up."""
        while self._left is not None and self._left <= self._keep:
            wait = self._renewed_at - self._clock()
            if wait <= 0:
                self._left = None
                break
            await self._sleep(wait)
        if self._left is not None:
            self._left -= 1

    def learn(self, left: int, renewed_in: float) -> None:
        """Note what an answer told; `renewed_in` is seconds.

        Answers overtake each other, so within one window only the lower figure counts.
        """
        now = self._clock()
        if self._left is not None and now < self._renewed_at:
            left = min(left, self._left)
        self._left, self._renewed_at = left, now + renewed_in
