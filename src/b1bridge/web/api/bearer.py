"""Whose token a request carries, and whether that token may do what is asked."""

from __future__ import annotations

import math
from typing import Any, Protocol

from fastapi import Request

from b1bridge.web import problem_types
from b1bridge.web.problems import Refusal

_ASK = {"WWW-Authenticate": 'Bearer realm="b1bridge"'}
_WHY = {
    "EXPIRED": (problem_types.TOKEN_EXPIRED, "the token has expired"),
    "REVOKED": (problem_types.TOKEN_REVOKED, "the token was revoked"),
}
_UNKNOWN = (problem_types.TOKEN_INVALID, "the token is none of this hub's")


class Bearer(Protocol):
    """What a sound token tells: its name, the connection it belongs to, and what it may do."""

    @property
    def name(self) -> str:
        """Return the token's name, as the trail shows it."""
        ...

    @property
    def connection(self) -> str:
        """Return the connection that calls with this token are for."""
        ...

    @property
    def scopes(self) -> frozenset[str]:
        """Return what the token may do."""
        ...

    @property
    def settings(self) -> Any:
        """Return the settings of the connection."""
        ...


class Tokens(Protocol):
    """What knows the tokens of a hub."""

    async def bearer(self, text: str) -> Any:
        """Return the Bearer of a token's text, or why there is none (token_desk.WhyNot)."""
        ...

    def wait(self, bearer: Any) -> float:
        """Count one request; return the seconds to wait before it may be made, 0 for none."""
        ...


class Needs:
    """A dependency: the bearer of the request's token, which has this scope.

    It stands before a body among a route's parameters: strangers' bodies are not read.
    """

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Bearer:
        """Return the bearer; refuse with 401, 403 or 429."""
        return await bearer_for(request, _token_of(request), self.scope)


async def bearer_for(request: Request, text: str, scope: str) -> Bearer:
    """Return whose token this is, wherever it was read from; refuse with 401, 403 or 429."""
    tokens: Tokens = request.app.state.tokens
    found = await tokens.bearer(text)
    if isinstance(found, str):
        kind, detail = _WHY.get(found.upper(), _UNKNOWN)
        raise Refusal(kind, detail, headers=_asking("invalid_token"))
    bearer: Bearer = found
    wait = tokens.wait(bearer)
    if wait > 0:
        detail = f"the token {bearer.name} has used up what it may ask in a minute"
        headers = {"Retry-After": str(math.ceil(wait))}
        raise Refusal(problem_types.RATE_LIMITED, detail, headers=headers)
    if scope not in bearer.scopes:
        detail = f"the token {bearer.name} lacks the scope {scope}"
        headers = _asking(f'insufficient_scope", scope="{scope}')
        more = {"scope": scope}
        raise Refusal(problem_types.SCOPE_MISSING, detail, headers=headers, more=more)
    request.state.bearer = bearer
    return bearer


def _token_of(request: Request) -> str:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        detail = "this address needs the header Authorization: Bearer b1b_…"
        raise Refusal(problem_types.TOKEN_MISSING, detail, headers=_ASK)
    return text.strip()


def _asking(error: str) -> dict[str, str]:
    """Return the header of RFC 6750 3.1."""
    return {"WWW-Authenticate": f'{_ASK["WWW-Authenticate"]}, error="{error}"'}
