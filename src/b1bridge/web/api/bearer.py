"""Whose token a request carries, and whether that token may do what is asked."""

from __future__ import annotations

import math
from typing import NoReturn

from fastapi import Request

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.token_desk import Bearer, Denied, Why
from b1bridge.sdk.tokens import Scope
from b1bridge.web import problem_types
from b1bridge.web.api.parameters import refuse_unknown
from b1bridge.web.problems import Refusal

_ASK = 'Bearer realm="b1bridge"'
_WHY = {
    Why.EXPIRED: problem_types.TOKEN_EXPIRED,
    Why.REVOKED: problem_types.TOKEN_REVOKED,
}


class Needs:
    """A dependency: the bearer of the request's token, which has this scope.

    It stands before a body among a route's parameters: what strangers send is not read.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Bearer:
        """Return the bearer; refuse with 401, 403 or 429, and with 400 a parameter unknown here.

        Where the connection's settings say `strict: false`, such a parameter is ignored.
        """
        bearer = await bearer_for(request, _token_of(request), self.scope)
        if getattr(bearer.settings, "strict", True):
            refuse_unknown(request)
        return bearer


async def bearer_for(request: Request, text: str, scope: Scope) -> Bearer:
    """Return whose token this is, wherever it was read from; refuse with 401, 403 or 429."""
    hub: Hub = request.app.state.hub
    found = await hub.tokens.bearer(text)
    if isinstance(found, Denied):
        refuse(found)
    if scope not in found.scopes:
        detail = f"the token {found.token_name} lacks the scope {scope}"
        headers = {"WWW-Authenticate": f'{_ASK}, error="insufficient_scope", scope="{scope}"'}
        more = {"scope": scope}
        raise Refusal(problem_types.SCOPE_MISSING, detail, headers=headers, more=more)
    request.state.bearer = found
    return found


def actor_of(bearer: Bearer) -> str:
    """Return how the trail calls whoever holds the token."""
    return f"token:{bearer.token_name}"


def refuse(denied: Denied) -> NoReturn:
    """Refuse a caller who is not listened to."""
    if denied.why is Why.TOO_MANY:
        headers = {"Retry-After": str(math.ceil(denied.retry_after or 1))}
        raise Refusal(problem_types.RATE_LIMITED, denied.message, headers=headers)
    kind = _WHY.get(denied.why, problem_types.TOKEN_INVALID)
    headers = {"WWW-Authenticate": f'{_ASK}, error="invalid_token"'}
    raise Refusal(kind, denied.message, headers=headers)


def _token_of(request: Request) -> str:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        detail = "this address needs the header Authorization: Bearer b1b_…"
        raise Refusal(problem_types.TOKEN_MISSING, detail, headers={"WWW-Authenticate": _ASK})
    return text.strip()
