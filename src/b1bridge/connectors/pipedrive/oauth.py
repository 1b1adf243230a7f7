"""Access tokens of an app: renewed once for all who wait, before they end (1.8)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
from pydantic import BaseModel

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.errors import ConnectionBroken
from b1bridge.sdk.http import exchange
from b1bridge.sdk.per_loop import PerLoop
from b1bridge.sdk.reading import read, read_json
from b1bridge.sdk.replies import refusal

_EARLY_SECONDS = 60.0


class Tokens(BaseModel):
    """An answer of the token endpoint."""

    access_token: str
    expires_in: int
    refresh_token: str
    api_domain: str = ""


@dataclass(slots=True)
class OAuth:
    """The tokens of one installation; the newest refresh token is kept by this process."""

    settings: Settings
    http: httpx.AsyncClient
    monotonic: Callable[[], float] = time.monotonic
    _refresh_token: str = ""
    _access_token: str = ""
    _ends_at: float = 0.0
    _renewing: PerLoop[asyncio.Lock] = field(default_factory=lambda: PerLoop(asyncio.Lock))

    async def access_token(self) -> str:
        """Return a token that still holds for a while."""
        if self.monotonic() >= self._ends_at:
            async with self._renewing.here():
                if self.monotonic() >= self._ends_at:
                    await self._renew()
        return self._access_token

    def forget(self, token: str) -> None:
        """Drop a token that was refused before its time."""
        if token == self._access_token:
            self._ends_at = 0.0

    async def _renew(self) -> None:
        secret, first = self.settings.client_secret, self.settings.refresh_token
        if secret is None or first is None:
            msg = f"{SYSTEM}: there is no refresh token"
            raise ConnectionBroken(msg, system=SYSTEM)
        request = self.http.build_request(
            "POST",
            f"{self.settings.oauth_url.rstrip('/')}/oauth/token",
            data={
                "grant_type": "refresh_token",
                "refresh_token": self._refresh_token or first.get_secret_value(),
            },
        )
        basic = httpx.BasicAuth(self.settings.client_id, secret.get_secret_value())
        request = next(basic.auth_flow(request))
        response = await exchange(self.http, request, system=SYSTEM, read=True)
        if response.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            msg = (
                f"{SYSTEM}: the refresh token is not accepted any more; install the app again "
                "and enter the new refresh_token"
            )
            raise ConnectionBroken(msg, system=SYSTEM, code=str(response.status_code))
        if response.is_error:
            raise refusal(response, system=SYSTEM, read=True)
        self._take(read(Tokens, read_json(response.content, system=SYSTEM), system=SYSTEM))

    def _take(self, tokens: Tokens) -> None:
        self._access_token, self._refresh_token = tokens.access_token, tokens.refresh_token
        self._ends_at = self.monotonic() + tokens.expires_in - _EARLY_SECONDS
