"""Short logins: signed texts (JWT, RFC 7519) that stand for an API token for some minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import jwt
from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, ValidationError

LASTS = timedelta(minutes=5)
SKEW = timedelta(seconds=30)
"""By how much the clocks of two processes of one hub may differ."""
_LONGEST = 512
"""Ours are half as long; no JSON below this length is nested so deep that reading it fails."""
_ISSUER = "b1bridge"
_ALGORITHM = "HS256"


class _Claims(BaseModel):
    model_config = ConfigDict(extra="ignore")

    sub: StrictStr
    iat: StrictInt
    exp: StrictInt


class Expired(ValueError):
    """The login is over; a new one is to be had with the token."""


def signed(token: str, key: bytes, now: datetime) -> str:
    """Return a login for the token of this id."""
    claims = {
        "iss": _ISSUER,
        "sub": token,
        "iat": int(now.timestamp()),
        "exp": int((now + LASTS).timestamp()),
    }
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def token_in(login: str, keys: Sequence[bytes], now: datetime) -> str | None:
    """Return the id of the token that a login stands for; None when we did not sign it.

    Raises Expired. While the hub's key is being changed, what an older one signed is good too.
    """
    if len(login) > _LONGEST:
        return None
    claims = next((found for key in keys if (found := _claims(login, key)) is not None), None)
    if claims is None or claims.iat > (now + SKEW).timestamp():
        return None
    if claims.exp < (now - SKEW).timestamp():
        msg = "the login is over"
        raise Expired(msg)
    return claims.sub


def _claims(login: str, key: bytes) -> _Claims | None:
    # One algorithm, named by us: what the login's own header says ("none") counts for nothing.
    # Times are held against the hub's clock, by `token_in`.
    options: jwt.types.Options = {
        "require": ["iss", "sub", "iat", "exp"],
        "verify_exp": False,
        "verify_iat": False,
    }
    try:
        found = jwt.decode(login, key, algorithms=[_ALGORITHM], issuer=_ISSUER, options=options)
        return _Claims.model_validate(found)
    except (jwt.InvalidTokenError, ValidationError):
        return None
