"""Stops asking a SAP that is down, and lets one call find out whether it is back.

The hub's engine has a breaker of its own for each connection, which also keeps runs out of its
slots; this one is for whoever uses the client alone (docs/decisions/0026).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import Transient


@dataclass(slots=True)
class Breaker:
    """Opens after `threshold` failures in a row; pauses in seconds, doubled with each opening."""

    threshold: int = 5
    first_pause: float = 2.0
    longest_pause: float = 60.0
    clock: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _openings: int = field(default=0, init=False)
    _shut_until: float | None = field(default=None, init=False)
    _probing: bool = field(default=False, init=False)

    def check(self) -> None:
        """Let a call pass, or raise Transient with the seconds to wait; a probe passes alone."""
        if self._shut_until is None:
            return
        now = self.clock()
        if now >= self._shut_until:
            self._shut_until = now + self._pause()  # others wait for what the probe finds
            self._probing = True
            return
        wait = self._shut_until - now
        msg = f"{SYSTEM} did not answer {self._failures} times in a row; next try in {wait:.0f} s"
        raise Transient(msg, system=SYSTEM, retry_after=wait)

    def failed(self) -> None:
        """Count a call that found nobody at work; stragglers of an open one tell nothing new."""
        if self._shut_until is not None and not self._probing:
            return
        self._failures += 1
        if self._failures >= self.threshold:
            self._shut_until = self.clock() + self._pause()
            self._openings += 1
            self._probing = False

    def worked(self) -> None:
        """Close: whoever answers, even with a refusal, is there."""
        self._probing = False
        self._failures, self._openings, self._shut_until = 0, 0, None

    def _pause(self) -> float:
        return min(self.first_pause * 2.0 ** min(self._openings, 20), self.longest_pause)
