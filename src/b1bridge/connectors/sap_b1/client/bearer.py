"""The way in with a token of SAP's identity service: no login, no session (2.1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import httpx

from b1bridge.connectors.sap_b1.client.cookies import Route, SavedSession
from b1bridge.connectors.sap_b1.client.single_flight import SingleFlight
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import BridgeError, ConnectionBroken

TokenSource = Callable[[], Awaitable[str]]


class BearerToken:
    """A token and where the next one comes from; belongs to one event loop.

    `source` is asked when a token is needed: first of all, and after SAP refused the last one.
    """

    def __init__(self, source: TokenSource, company_id: str) -> None:
        self.company_id = company_id
        self.number = 0
        self._source = source
        self._token = ""
        self._flight = SingleFlight(self._fetch, "SAP token")

    @classmethod
    def fixed(cls, token: str, company_id: str) -> BearerToken:
        """Use one token until SAP refuses it."""

        async def source() -> str:
            return token

        return cls(source, company_id)

    def __repr__(self) -> str:
        """Tell the company and keep the token."""
        return f"<BearerToken for company {self.company_id}>"

    @property
    def is_there(self) -> bool:
        """Whether a token was fetched."""
        return bool(self._token)

    async def text(self) -> str:
        """Return the token, fetched first if there was none."""
        if not self._token:
            await self.renew(self.number)
        return self._token

    async def renew(self, refused: int) -> None:
        """Fetch another token, unless somebody did since the one that the caller saw refused."""
        if refused == self.number:
            await self._flight.join()

    async def _fetch(self) -> None:
        token = await self._source()
        if not token or token == self._token:
            msg = f"{SYSTEM}: the token was refused and its source has no other"
            raise ConnectionBroken(msg, system=SYSTEM)
        self._token = token
        self.number += 1


class BearerAccess:
    """Calls with a bearer token, kept to one node (see Access)."""

    def __init__(self, token: BearerToken) -> None:
        self._token = token
        self._route = Route()

    def __repr__(self) -> str:
        """Tell the node and nothing that lets anybody in."""
        return f"<BearerAccess at {self._route.node or 'no node'}>"

    @property
    def login(self) -> int:
        """The number of the token."""
        return self._token.number

    @property
    def is_open(self) -> bool:
        """Whether there is a token."""
        return self._token.is_there

    async def headers(self) -> dict[str, str]:
        """Return both headers that SAP wants with each call (2.1)."""
        headers = {
            "Authorization": f"Bearer {await self._token.text()}",
            "X-b1-companyid": self._token.company_id,
        }
        # Guess: keeping to a node spares it a login of the user here as it does with sessions.
        return headers | ({"Cookie": self._route.cookies()} if self._route.node else {})

    async def renew(self, ended: int) -> None:
        """Fetch another token, once for all who saw this one refused."""
        await self._token.renew(ended)

    def has_ended(self, response: httpx.Response) -> bool:
        """Take every 401 as the token's end: what SAP says then is not known (16)."""
        return response.status_code == HTTPStatus.UNAUTHORIZED

    def shut_out(self, path: str) -> BridgeError:
        """Ask for an administrator: two tokens in a row were refused."""
        msg = (
            f"{SYSTEM} refused two tokens in a row, {path} was not done: let the token's audience "
            f"name the Service Layer, and bind its user to company {self._token.company_id}"
        )
        return ConnectionBroken(msg, system=SYSTEM)

    def note(self, response: httpx.Response) -> None:
        """Keep to the node that answered, or leave it when it failed."""
        self._route.note(response)

    def leave_node(self) -> None:
        """Let the balancer choose another node."""
        self._route.leave()

    def saved(self) -> SavedSession | None:
        """Return nothing: SAP keeps no session for a token."""
        return None

    async def close(self) -> None:
        """Do nothing: SAP keeps no session for a token."""
