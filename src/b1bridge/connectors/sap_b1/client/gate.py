"""Lets as many calls through at once as serve best, and spares a SAP that is in trouble."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from b1bridge.connectors.sap_b1.client.knee import Knee


class Gate:
    """The calls of the running event loop that are in flight, and those that wait for a turn."""

    def __init__(self, most: int) -> None:
        self.knee = Knee(most)
        self.in_flight = 0
        self._clock = asyncio.get_running_loop().time
        self._waiting: deque[asyncio.Future[None]] = deque()

    def turn(self, kind: str) -> Turn:
        """Ask for a turn, to be used as a context; `kind` says what is alike in cost."""
        return Turn(self, kind, self._clock)

    async def enter(self) -> None:
        """Wait until there is room; first come, first served."""
        if not self._waiting and self.in_flight < self.knee.limit:
            self.in_flight += 1
            return
        ticket: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                self.leave()  # our turn had just come: the next one may have it
            raise

    def leave(self) -> None:
        """Give up one turn; the limit may have moved meanwhile, either way."""
        self.in_flight -= 1
        self.admit()

    def admit(self) -> None:
        """Let in who has room now."""
        while self._waiting and self.in_flight < self.knee.limit:
            ticket = self._waiting.popleft()
            if not ticket.done():
                self.in_flight += 1
                ticket.set_result(None)

    def widened(self) -> None:
        """Look anew how many serve best, since another session has joined."""
        self.knee.widened()
        self.admit()

    @property
    def is_full(self) -> bool:
        """Whether a call more would have to wait."""
        return self.in_flight >= self.knee.limit


class Turn:
    """One call's turn; entering waits for it, leaving gives it up and lets the gate learn."""

    def __init__(self, gate: Gate, kind: str, clock: Callable[[], float]) -> None:
        self._gate = gate
        self._kind = kind
        self._clock = clock
        self._ticket = (0, 0)
        self._since: float | None = None

    async def __aenter__(self) -> Self:
        await self._gate.enter()
        self.sent()
        return self

    def sent(self) -> None:
        """Start the watch: what was waited for before, such as a login, tells nothing."""
        self._ticket = self._gate.knee.started()
        self._since = self._clock()

    def answered(self) -> None:
        """Stop the watch; a call without an answer teaches nothing about speed."""
        if self._since is None:
            return
        seconds, self._since = self._clock() - self._since, None
        self._gate.knee.answered(self._ticket, self._kind, seconds, full=self._gate.is_full)

    def overloaded(self) -> None:
        """Note that SAP was in trouble: a lock, a 5xx, or no answer in time."""
        self._since = None
        self._gate.knee.overloaded(self._ticket)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._gate.leave()
