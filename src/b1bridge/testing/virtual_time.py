"""An event loop in which hours pass in seconds: exact times whatever else the machine does."""

from __future__ import annotations

import asyncio
import selectors


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs as if time passed; for code that waits for time alone, never for a socket.

    Use it as `asyncio.Runner(loop_factory=VirtualLoop)`.
    """

    def __init__(self) -> None:
        self._no_wait = _NoWait()
        super().__init__(self._no_wait)

    def time(self) -> float:
        """Tell how long everybody would have slept by now, in seconds."""
        return self._no_wait.slept


class _NoWait(selectors.DefaultSelector):
    """Never waits; counts how long the loop would have."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.slept += timeout or 0.0
        return super().select(0)
