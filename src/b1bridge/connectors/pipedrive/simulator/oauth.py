"""Tokens of an app: an hour each, renewed by one that changes with every use (1.8)."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from .answers import answer
from .records import Actor

EXPIRES_IN = 3599
_UNUSED_FOR = timedelta(days=60)


@dataclass(slots=True)
class OAuth:
    """One installed app of one company, acting as the user who installed it.

    `rotates`: a refresh token ends with its use, and the answer brings the next one (guess: the
    documents say neither that it does nor that it does not).
    """

    client_id: str
    client_secret: str
    user_id: int
    api_domain: str
    clock: Callable[[], datetime]
    rotates: bool = True
    access: dict[str, datetime] = field(default_factory=dict)
    refresh: dict[str, datetime] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    renewals: int = 0

    def install(self) -> str:
        """Install the app once more and return its refresh token."""
        token = f"{self.user_id}:{self.user_id}:{secrets.token_hex(20)}"
        self.refresh[token] = self.clock() + _UNUSED_FOR
        return token

    def consent(self) -> str:
        """Let the user allow the app in, and return the code that its page is called with."""
        self.codes.add(code := secrets.token_hex(20))
        return code

    def uninstall(self) -> None:
        """Take every token back, as a customer does who removes the app."""
        self.access.clear()
        self.refresh.clear()

    def actor_of(self, token: str) -> Actor | None:
        """Return who acts with an access token that still holds."""
        ends = self.access.get(token)
        return Actor(self.user_id, "api") if ends and self.clock() < ends else None

    async def token(self, request: Request) -> Response:
        """Exchange a refresh token for a new pair."""
        if not self._is_client(request.headers.get("authorization", "")):
            return _refused(401, "invalid_client")
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        if form.get("grant_type") not in {"refresh_token", "authorization_code"}:
            return _refused(400, "unsupported_grant_type")
        given = self._refresh_token(form)
        ends = self.refresh.pop(given, None)
        if ends is None or ends <= self.clock():
            return _refused(400, "invalid_grant")
        access = secrets.token_urlsafe(24)
        self.access[access] = self.clock() + timedelta(seconds=EXPIRES_IN)
        self.renewals += 1
        return answer(
            {
                "access_token": access,
                "token_type": "Bearer",
                "refresh_token": self._next(given),
                "scope": "base,deals:full,contacts:full,products:full,admin",
                "expires_in": EXPIRES_IN,
                "api_domain": self.api_domain,
            }
        )

    async def revoke(self, request: Request) -> Response:
        """Take a token back; a refresh token takes the whole installation with it (1.8)."""
        if not self._is_client(request.headers.get("authorization", "")):
            return _refused(401, "invalid_client")
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        if form.get("token_type_hint") == "refresh_token":
            self.uninstall()
        else:
            self.access.pop(form.get("token", ""), None)
        return answer({"success": True})

    def _refresh_token(self, form: dict[str, str]) -> str:
        """Return what is exchanged; a code is good for one installation, once."""
        if form.get("grant_type") == "refresh_token":
            return form.get("refresh_token", "")
        if form.get("code", "") not in self.codes:
            return ""
        self.codes.remove(form["code"])
        return self.install()

    def _next(self, token: str) -> str:
        """Return a new refresh token, or the same one, whose 60 days begin anew."""
        if self.rotates:
            return self.install()
        self.refresh[token] = self.clock() + _UNUSED_FOR
        return token

    def _is_client(self, header: str) -> bool:
        try:
            given = base64.b64decode(header.removeprefix("Basic ")).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return given == f"{self.client_id}:{self.client_secret}"


def _refused(status: int, error: str) -> Response:
    return answer({"success": False, "error": error, "message": error}, status)
