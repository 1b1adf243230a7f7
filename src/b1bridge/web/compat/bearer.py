"""Whose token an older client sends: `JWT` from /auth, `Basic` with name and token, or `Bearer`."""

from __future__ import annotations

import base64
import binascii

from fastapi import Request

from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.settings import Settings
from b1bridge.sdk.tokens import Scope
from b1bridge.web import problem_types
from b1bridge.web.api.bearer import bearer_for
from b1bridge.web.problems import Refusal

_ASK = {"WWW-Authenticate": 'JWT realm="b1bridge"'}


class OlderNeeds:
    """A dependency: the bearer of an older client, whose connection takes the older paths."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Bearer:
        """Return the bearer; refuse with 401, 403, 429, or 404 where the older paths are off."""
        bearer = await any_bearer(request, self.scope)
        if not is_older(bearer):
            detail = f"the older paths are off for {bearer.connection} (its `compatibility`)"
            raise Refusal(problem_types.NOT_FOUND, detail)
        return bearer


async def any_bearer(request: Request, scope: Scope) -> Bearer:
    """Return the bearer, by whichever scheme the token comes."""
    scheme, _, text = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "basic":
        name, token = _name_and_token(text.strip())
        bearer = await bearer_for(request, token, scope)
        if bearer.token_name != name:
            raise _unknown()
        return bearer
    if scheme.lower() not in {"jwt", "bearer"} or not text.strip():
        detail = "this address needs the header Authorization: JWT …, with a token from /auth"
        raise Refusal(problem_types.TOKEN_MISSING, detail, headers=_ASK)
    return await bearer_for(request, text.strip(), scope)


def speaks_older(request: Request) -> bool:
    """Tell whether somebody logs in as only clients of the older product do."""
    scheme = request.headers.get("authorization", "").strip().partition(" ")[0]
    return scheme.lower() in {"jwt", "basic"}


def is_older(bearer: Bearer) -> bool:
    """Tell whether a bearer's connection is answered in the older way."""
    return isinstance(bearer.settings, Settings) and bearer.settings.compatibility


def _name_and_token(text: str) -> tuple[str, str]:
    try:
        name, colon, token = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _unknown() from None
    if not colon:
        raise _unknown()
    return name, token


def _unknown() -> Refusal:
    detail = "username is a token's name, password its text"
    return Refusal(problem_types.TOKEN_INVALID, detail, headers=_ASK)
