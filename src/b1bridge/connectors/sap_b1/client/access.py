"""What a call needs to be let in, whichever way the company knows us."""

from __future__ import annotations

from typing import Protocol

import httpx

from b1bridge.connectors.sap_b1.client.cookies import SavedSession
from b1bridge.errors import BridgeError


class Access(Protocol):
    """One way in, kept to one node: a session after a login, or a bearer token."""

    @property
    def login(self) -> int:
        """How often we were let in, so that a caller can say which time it saw ending."""

    @property
    def is_open(self) -> bool:
        """Whether the next call goes out without a login before it."""

    async def headers(self) -> dict[str, str]:
        """Return the headers that let a call in; logs in first where needed."""

    async def renew(self, ended: int) -> None:
        """Get in anew, unless somebody did since the login that the caller saw ending."""

    def has_ended(self, response: httpx.Response) -> bool:
        """Tell whether the answer says that we are no longer let in; it did nothing else then."""

    def shut_out(self, path: str) -> BridgeError:
        """Make the error for a call that was not let in just after a renewal."""

    def note(self, response: httpx.Response) -> None:
        """Keep to the node that answered, or leave it when it failed."""

    def leave_node(self) -> None:
        """Let the balancer choose another node."""

    def saved(self) -> SavedSession | None:
        """Return what another process needs to go on here; None where there is nothing."""

    async def close(self) -> None:
        """Give up what SAP keeps for us."""
