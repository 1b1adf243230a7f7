"""From a webhook, in either form, to the record it speaks of; pure (2.2 to 2.4).

Pipedrive signs nothing: it sends the user and password given when the webhook was registered. A
gateway in front of us may sign what it passes on, and is then required to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.domain.crm import MERGE
from b1bridge.domain.identity import Ref
from b1bridge.errors import ContractBroken, Untrusted
from b1bridge.sdk.connector import Notice
from b1bridge.sdk.reading import read_json

MERGED = frozenset({"organization", "person"})
_SAME_TO_THE_BOOKS = {"custom_fields", "update_time"}
SUBJECTS = ("deal", "organization", "person", "product")
"""What we ask to be told of; a deal's lines come with the deal."""


def notices(
    connection: str,
    settings: Settings,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> list[Notice]:
    """Return the record to look at; nothing for what we do not read."""
    del now
    lowered = {name.lower(): value for name, value in headers.items()}
    _check(settings, lowered, body)
    said = read_json(body, system=SYSTEM, record="webhook")
    meta = said.get("meta") if isinstance(said, dict) else None
    if not isinstance(meta, dict):
        msg = f"{SYSTEM}: a notice without meta"
        raise ContractBroken(msg, system=SYSTEM)
    kind = str(meta.get("entity") or meta.get("object") or "")
    if kind not in SUBJECTS or is_echo(said):
        return []
    return [
        Notice(
            _delivery(meta), _merge(connection, kind, meta) or Ref(connection, kind, _record(meta))
        )
    ]


def is_echo(said: Mapping[str, Any]) -> bool:
    """Tell a deal that comes to us as we left it: over the API, by our user, the same to the books.

    They see nothing of custom fields (2.4). Our user is the one who owns the webhook, for we
    registered it. v1 does not name the owner: there the flow's glance finds that nothing is new.
    """
    meta, before = said["meta"], said.get("previous")
    written_by_us = (
        meta.get("entity") == "deal"
        and meta.get("change_source") == "api"
        and meta.get("user_id") is not None
        and meta["user_id"] == meta.get("webhook_owner_id")
    )
    # v2 tells of the former state only what has changed.
    return (
        written_by_us
        and isinstance(before, dict)
        and "custom_fields" in before
        and (before.keys() <= _SAME_TO_THE_BOOKS)
    )


def _merge(connection: str, kind: str, meta: Mapping[str, Any]) -> Ref | None:
    """Name a merger by both records: nothing but its notices tells of it (1.7).

    The one that is gone names the survivor, and the survivor names the one that is gone.
    """
    into, gone = meta.get("merged_to_id"), meta.get("merged_from_id")
    if kind not in MERGED or not (into or gone):
        return None
    parts = (_record(meta), str(into)) if into else (str(gone), _record(meta))
    if not all(part.isdecimal() for part in parts):
        msg = f"{SYSTEM}: a notice of a merger names no record"
        raise ContractBroken(msg, system=SYSTEM)
    return Ref(connection, MERGE, "/".join((kind, *parts)))


def _record(meta: Mapping[str, Any]) -> str:
    """Name the record; v2 says entity_id, v1 calls it id."""
    found = str(meta.get("entity_id") or meta.get("id") or "")
    if not found.isdecimal():
        msg = f"{SYSTEM}: a notice names no record"
        raise ContractBroken(msg, system=SYSTEM)
    return found


def _delivery(meta: Mapping[str, Any]) -> str:
    """Name the change, as every try to tell us of it does."""
    if "entity" in meta:
        parts = (meta.get("webhook_id"), meta.get("id"), meta["entity"], meta.get("entity_id"))
    else:
        stamp = meta.get("timestamp_micro") or meta.get("timestamp")
        parts = (meta.get("webhook_id"), meta.get("object"), meta.get("id"), stamp)
    return " ".join(str(part) for part in parts)


def _check(settings: Settings, headers: Mapping[str, str], body: bytes) -> None:
    if settings.gateway_secret is not None:
        key = settings.gateway_secret.get_secret_value().encode()
        wanted = hmac.new(key, body, hashlib.sha256).hexdigest()
        offered = headers.get(settings.gateway_header.lower(), "").removeprefix("sha256=")
        if not hmac.compare_digest(offered.encode(), wanted.encode()):
            msg = "the notice does not carry the gateway's signature"
            raise Untrusted(msg, system=SYSTEM)
    password = settings.webhook_password
    if password is None:
        if settings.gateway_secret is None:
            msg = "notices are refused as long as webhook_password is not set"
            raise Untrusted(msg, system=SYSTEM)
        return
    pair = f"{settings.webhook_user}:{password.get_secret_value()}".encode()
    wanted = f"Basic {base64.b64encode(pair).decode()}"
    if not hmac.compare_digest(headers.get("authorization", "").encode(), wanted.encode()):
        msg = "the notice does not carry the user and password of our webhook"
        raise Untrusted(msg, system=SYSTEM)
