"""The two cookies of the Service Layer, read and written by hand (sap-service-layer.md 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

SESSION = "B1SESSION"
ROUTE = "ROUTEID"
_NODE_FAILED = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)


def cookies_of(response: httpx.Response) -> dict[str, str]:
    """Read Set-Cookie by hand: the text up to the first semicolon."""
    pairs = (text.partition(";")[0] for text in response.headers.get_list("set-cookie"))
    split = (pair.partition("=") for pair in pairs)
    return {name.strip(): value.strip() for name, equals, value in split if equals}


@dataclass(frozen=True, slots=True)
class SavedSession:
    """What another process needs to go on in a session: as secret as a password while it lasts."""

    session: str = field(repr=False)
    route: str = ""


@dataclass(slots=True)
class Route:
    """The node that the balancer chose for us; each session keeps to its own."""

    node: str = ""

    def note(self, response: httpx.Response) -> None:
        """Follow the balancer's choice; leave a node that failed."""
        if response.status_code in _NODE_FAILED:
            self.leave()
        else:
            self.node = cookies_of(response).get(ROUTE, self.node)

    def leave(self) -> None:
        """Let the balancer choose another node; the session itself is shared by all (2)."""
        self.node = ""

    def cookies(self, session: str = "") -> str:
        """Write the Cookie header."""
        pairs = ((SESSION, session), (ROUTE, self.node))
        return "; ".join(f"{name}={value}" for name, value in pairs if value)
