"""Bearer tokens of SAP's identity service, in place of a Login (sap-service-layer.md 2.1)."""

import base64
import binascii
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qsl, unquote_plus

from b1sim.odata.refusing import no_session, not_bound
from b1sim.odata.reply import Reply

Clock = Callable[[], datetime]
TOKEN_PATH = "/auth/realms/sapb1/protocol/openid-connect/token"  # noqa: S105  a path
"""Where Keycloak issues tokens of the realm sapb1; SAP's server has a port of its own, 40020."""
COMPANY_ID = "1"
# Guess: what SAP calls the client of its Service Layer.
SERVICE_LAYER = "b1-service-layer"


@dataclass(frozen=True)
class OauthClient:
    """A client of the Extension SSO Manager, bound to a user of the company or to nobody."""

    secret: str = field(repr=False)
    user: str | None
    audience: str = SERVICE_LAYER


@dataclass(frozen=True)
class Token:
    """What a token stands for until it ends."""

    client: OauthClient
    ends: datetime


@dataclass
class Iam:
    """The identity service of one company; without one only cookies count."""

    clients: dict[str, OauthClient]
    company_id: str = COMPANY_ID
    """The id that X-b1-companyid must name (guess: a wrong or missing one is a 401)."""
    token_seconds: int = 300
    """Keycloak's own default."""
    check_audience: bool = True
    """Service Layer looks for itself in the audience from FP 2602 on."""
    unbound_status: Literal[401, 403] = 403
    """Facts say 401 or 403 (guess: 403 for a token that is good, with nobody behind it)."""
    classic_login: bool = True
    """Login still works with credentials of the identity service; False is for users of outside
    identity providers or with a second factor, who cannot (guess: refused as wrong credentials)."""
    _issued: dict[str, Token] = field(default_factory=dict, repr=False)

    def issue(self, client_id: str, now: datetime) -> str:
        """Issue a token to a client; LookupError when it is unknown."""
        self._issued = {value: token for value, token in self._issued.items() if token.ends > now}
        value = secrets.token_urlsafe(48)
        ends = now + timedelta(seconds=self.token_seconds)
        self._issued[value] = Token(self.clients[client_id], ends)
        return value

    def user_of(self, headers: Mapping[str, str], now: datetime) -> str:
        """Tell who a request speaks for.

        What an expired token answers is an open question (16); the guess is the refusal of a
        session that ended.
        """
        token = self._issued.get(bearer(headers))
        if token is None or token.ends <= now:
            raise no_session()
        if self.check_audience and SERVICE_LAYER not in token.client.audience.split():
            raise no_session()
        if headers.get("x-b1-companyid", "").strip() != self.company_id:
            raise no_session()
        if token.client.user is None:
            raise not_bound(self.unbound_status)
        return token.client.user

    def token_reply(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Reply:
        """Answer the token endpoint: client credentials in the form or in a Basic header."""
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        client_id, secret = _basic(headers) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        if form.get("grant_type") != "client_credentials":
            return _json(HTTPStatus.BAD_REQUEST, {"error": "unsupported_grant_type"})
        client = self.clients.get(client_id)
        if client is None or not secrets.compare_digest(client.secret.encode(), secret.encode()):
            return _json(HTTPStatus.UNAUTHORIZED, {"error": "invalid_client"})
        token = self.issue(client_id, now)
        seconds = self.token_seconds
        granted = {"access_token": token, "expires_in": seconds, "token_type": "Bearer"}
        return _json(HTTPStatus.OK, granted)


def bearer(headers: Mapping[str, str]) -> str:
    """Read the token of an Authorization header; empty when there is none."""
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _basic(headers: Mapping[str, str]) -> tuple[str, str] | None:
    scheme, _, packed = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote_plus(name), unquote_plus(secret)


def _json(status: HTTPStatus, members: Mapping[str, object]) -> Reply:
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return Reply(status, json.dumps(members).encode(), headers)
