"""Access tokens of an app: renewed once for all who wait, before they end (1.8)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import httpx
from pydantic import BaseModel

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.errors import ConnectionBroken
from b1bridge.ports.renewed import Renewed
from b1bridge.sdk.http import exchange
from b1bridge.sdk.per_loop import PerLoop
from b1bridge.sdk.reading import read, read_json
from b1bridge.sdk.replies import refusal

_EARLY = timedelta(minutes=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_OTHERS_WRITE_SECONDS = 1.0
"""Who used the refresh token at the same moment has written down the next one by then."""


class Tokens(BaseModel):
    """An answer of the token endpoint."""

    access_token: str
    expires_in: int
    refresh_token: str
    api_domain: str = ""


@dataclass(slots=True)
class OAuth:
    """The tokens of one installation, which all processes of the hub share.

    Whether a refresh token ends with its use is nowhere told, so the newest one is kept.
    """

    connection: str
    settings: Settings
    http: httpx.AsyncClient
    renewed: Renewed
    clock: Callable[[], datetime]
    _access_token: str = ""
    _ends_at: datetime = _NEVER
    _refused: str = ""
    _renewing: PerLoop[asyncio.Lock] = field(default_factory=lambda: PerLoop(asyncio.Lock))

    async def access_token(self) -> str:
        """Return a token that still holds for a while."""
        if self.clock() >= self._ends_at:
            async with self._renewing.here():
                if self.clock() >= self._ends_at:
                    await self._renew()
        return self._access_token

    def forget(self, token: str) -> None:
        """Drop a token that was refused before its time."""
        if token == self._access_token:
            self._ends_at, self._refused = _NEVER, token

    async def _renew(self) -> None:
        """Take what another process has renewed, or renew it; again where both did at once."""
        newest = await self.renewed.newest(self.connection)
        if self._takes(newest):
            return
        used = self._refresh_token(newest)
        tokens = await self._asked(used)
        if tokens is None:
            await asyncio.sleep(_OTHERS_WRITE_SECONDS)
            newest = await self.renewed.newest(self.connection)
            if self._takes(newest):
                return
            other = self._refresh_token(newest)
            tokens = await self._asked(other) if other != used else None
        if tokens is None:
            msg = (
                f"{SYSTEM}: the refresh token is not accepted any more; install the app again "
                "and enter the new refresh_token"
            )
            raise ConnectionBroken(msg, system=SYSTEM, code="invalid_grant")
        ends_at = self.clock() + timedelta(seconds=tokens.expires_in) - _EARLY
        kept = {
            "refresh_token": tokens.refresh_token,
            "access_token": tokens.access_token,
            "ends_at": ends_at.isoformat(),
        }
        await self.renewed.keep(self.connection, kept)
        self._takes(kept)

    def _takes(self, kept: Mapping[str, str]) -> bool:
        """Use an access token that was kept, if it still holds and nobody has refused it."""
        token, ends_at = kept.get("access_token", ""), kept.get("ends_at", "")
        if not token or token == self._refused:
            return False
        ends = datetime.fromisoformat(ends_at)
        if self.clock() >= ends:
            return False
        self._access_token, self._ends_at = token, ends
        return True

    def _refresh_token(self, kept: Mapping[str, str]) -> str:
        typed_in = self.settings.refresh_token
        return kept.get("refresh_token") or (typed_in.get_secret_value() if typed_in else "")

    async def _asked(self, refresh_token: str) -> Tokens | None:
        """Exchange a refresh token; None where it is not accepted."""
        secret = self.settings.client_secret
        request = self.http.build_request(
            "POST",
            f"{self.settings.oauth_url.rstrip('/')}/oauth/token",
            data={"grant_type": "refresh_token", "refresh_token": refresh_token},
        )
        password = secret.get_secret_value() if secret else ""
        request = next(httpx.BasicAuth(self.settings.client_id, password).auth_flow(request))
        response = await exchange(self.http, request, system=SYSTEM, read=True)
        if response.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            return None
        if response.is_error:
            raise refusal(response, system=SYSTEM, read=True)
        return read(Tokens, read_json(response.content, system=SYSTEM), system=SYSTEM)
