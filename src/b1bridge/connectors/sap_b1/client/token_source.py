"""Fetches bearer tokens from SAP's identity service with a client's own credentials (2.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ConnectionBroken, ContractBroken
from b1bridge.sdk.http import exchange
from b1bridge.sdk.reading import read_json
from b1bridge.sdk.replies import refusal


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A client of the Extension SSO Manager; `url` is the whole token endpoint of its realm.

    Calling it returns a new token, as BearerToken wants. Raises ConnectionBroken when the client
    is refused, and Transient when nobody answers.
    """

    http: httpx.AsyncClient
    url: str
    client_id: str
    secret: str = field(repr=False)

    async def __call__(self) -> str:
        """Ask for a token."""
        form = {"grant_type": "client_credentials"}
        request = self.http.build_request(
            "POST", self.url, data=form, headers={"Authorization": self._basic()}
        )
        response = await exchange(self.http, request, system=SYSTEM, read=True)
        if response.is_client_error:
            msg = f"{SYSTEM}: the identity service refused the client {self.client_id}"
            raise ConnectionBroken(msg, system=SYSTEM, code=str(response.status_code))
        if not response.is_success:
            raise refusal(response, system=SYSTEM, read=True)
        return _token_of(read_json(response.content, system=SYSTEM, record="a token"))

    def _basic(self) -> str:
        request = httpx.Request("POST", self.url)
        flow = httpx.BasicAuth(self.client_id, self.secret).auth_flow(request)
        return str(next(flow).headers["Authorization"])


def _token_of(answer: Any) -> str:
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if isinstance(token, str) and token:
        return token
    msg = f"{SYSTEM}: the identity service answered without a token"
    raise ContractBroken(msg, system=SYSTEM)
