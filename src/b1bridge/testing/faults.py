"""Bad lines: what networks do to requests and answers, put between a client and a simulator."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx


@dataclass(slots=True)
class BadLine(httpx.AsyncBaseTransport):
    """Passes requests on until a fault is due; faults are used up in order.

    `lose_reply` lets the remote side act and drops its answer; `refuse` never delivers;
    `answer` replies in the remote side's place (429, 503). `only` picks the requests.
    """

    line: httpx.AsyncBaseTransport
    only: Callable[[httpx.Request], bool] = lambda _: True
    faults: deque[str | httpx.Response] = field(default_factory=deque)
    down: bool = False
    sent: list[httpx.Request] = field(default_factory=list)

    def lose_reply(self, times: int = 1) -> None:
        """Lose the next answers, after the remote side has acted."""
        self.faults.extend(["lose"] * times)

    def refuse(self, times: int = 1) -> None:
        """Refuse the next connections; nothing reaches the remote side."""
        self.faults.extend(["refuse"] * times)

    def answer(self, status: int, headers: dict[str, str] | None = None, text: str = "") -> None:
        """Answer the next request in the remote side's place."""
        self.faults.append(httpx.Response(status, headers=headers, text=text))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Deliver, or do what the fault says."""
        if self.down:
            raise httpx.ConnectError(_REFUSED, request=request)
        fault = self.faults.popleft() if self.faults and self.only(request) else None
        if isinstance(fault, httpx.Response):
            return fault
        if fault == "refuse":
            raise httpx.ConnectError(_REFUSED, request=request)
        self.sent.append(request)
        response = await self.line.handle_async_request(request)
        if fault == "lose":
            await response.aclose()
            lost = "the answer was lost"
            raise httpx.ReadTimeout(lost, request=request)
        return response

    async def aclose(self) -> None:
        """Close the line behind."""
        await self.line.aclose()


_REFUSED = "connection refused"
