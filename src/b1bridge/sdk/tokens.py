"""API tokens: what stands in their text, what of it is kept, and what one may do."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PREFIX = "b1b_"
_SHAPE = re.compile(r"b1b_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_ID_BYTES = 6
_SECRET_BYTES = 32


class Scope(StrEnum):
    """What a token may be used for."""

    ORDERS_WRITE = "orders:write"
    ORDERS_READ = "orders:read"
    SHIPMENTS_READ = "shipments:read"
    CONTACTS_WRITE = "contacts:write"
    CONTACTS_READ = "contacts:read"
    PARTNERS_READ = "partners:read"
    ITEMS_READ = "items:read"
    CODES_READ = "codes:read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What the hub knows of a token; its secret is not among it.

    `scopes` are texts: a later version may have given out some that this one does not know.
    `last_used_at` is coarse.
    """

    id: str
    name: str
    connection: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Minted:
    """A new token's id, its text to be shown once, and the digest of its secret to be kept."""

    id: str
    text: str
    digest: str


def mint() -> Minted:
    """Make a token whose secret has 256 bits."""
    id_, secret = secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    return Minted(id_, f"{PREFIX}{id_}_{secret}", _digest(secret))


def id_in(text: str) -> str | None:
    """Return the id that a token's text names; None when it is no such text."""
    found = _SHAPE.fullmatch(text)
    return None if found is None else found[1]


def is_secret_of(text: str, digest: str) -> bool:
    """Tell in constant time whether a token's text holds the secret of this digest."""
    found = _SHAPE.fullmatch(text)
    return found is not None and hmac.compare_digest(_digest(found[2]), digest)


def _digest(secret: str) -> str:
    # Nobody tries 2**256 secrets: a slow hash, made for passwords, would only slow us down.
    return hashlib.sha256(secret.encode()).hexdigest()
