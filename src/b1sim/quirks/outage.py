"""Connections that end without an answer, and times when nobody is there (3.2, 3.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from starlette.types import Receive, Scope

HANG_UP = "b1sim.hang_up"
"""Key in the scope's extensions under which a server offers to close its connection."""


class ConnectionLost(Exception):
    """The connection ends without an answer; the request may have been executed."""


class ConnectionNotAccepted(ConnectionLost):
    """Nobody listens: the request was certainly not executed."""


@dataclass
class Outage:
    """A span of time without service: the balancer says 503, or nobody accepts at all."""

    until: datetime | None = None
    mode: Literal["503", "refused"] = "503"

    def begin(self, now: datetime, seconds: float, mode: Literal["503", "refused"]) -> None:
        """Go away for some seconds from now on."""
        self.until, self.mode = now + timedelta(seconds=seconds), mode

    def end(self) -> None:
        """Come back at once."""
        self.until = None

    def lasts(self, now: datetime) -> bool:
        """Tell whether nobody is there now."""
        return self.until is not None and now < self.until


async def hang_up(scope: Scope, receive: Receive, *, accepted: bool = True) -> None:
    """Close the connection where the server offers it; else raise what an in-process test sees."""
    close = scope.get("extensions", {}).get(HANG_UP)
    if close is None:
        raise ConnectionLost if accepted else ConnectionNotAccepted
    close()
    while (await receive())["type"] != "http.disconnect":
        continue
