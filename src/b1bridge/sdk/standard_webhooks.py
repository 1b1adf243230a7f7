"""Signatures after the Standard Webhooks specification: HMAC-SHA256 over id, time and raw body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from b1bridge.errors import Untrusted

TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_KEY_BYTES = range(24, 65)


def key_of(secret: str) -> bytes:
    """Return the key that a secret (`whsec_` and base64) stands for; ValueError for another text.

    The specification asks for 24 to 64 bytes.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    if len(key) not in _KEY_BYTES:
        msg = f"a secret for callbacks has 24 to 64 bytes in base64, not {len(key)}"
        raise ValueError(msg)
    return key


def is_signed(headers: Mapping[str, str]) -> bool:
    """Tell whether the sender signed at all; header names must be in lower case."""
    return all(name in headers for name in (ID, TIMESTAMP, SIGNATURE))


def sign(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the signature as the header carries it."""
    text = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def headers(key: bytes, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return what a signed message carries besides its body."""
    timestamp = str(int(now.timestamp()))
    signature = sign(key, message_id, timestamp, body)
    return {ID: message_id, TIMESTAMP: timestamp, SIGNATURE: signature}


def verify(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the message's id; raise Untrusted for a wrong signature or one of another hour.

    Header names must be in lower case. Several signatures may stand in the header while a
    secret is being changed; one that fits is enough.
    """
    message_id, timestamp = headers[ID], headers[TIMESTAMP]
    _check_age(timestamp, now)
    expected = sign(key, message_id, timestamp, body).encode()
    offered = [part.encode() for part in headers[SIGNATURE].split()]
    if not any(hmac.compare_digest(expected, one) for one in offered):
        msg = "the signature of the notice does not fit its body and our secret"
        raise Untrusted(msg)
    return message_id


def _check_age(timestamp: str, now: datetime) -> None:
    if not timestamp.isascii() or not timestamp.isdecimal():
        msg = "the timestamp of the notice is no number"
        raise Untrusted(msg)
    age = now.timestamp() - int(timestamp)
    if abs(age) > TOLERANCE.total_seconds():
        msg = (
            f"the notice was signed {age:.0f} s ago; {TOLERANCE.total_seconds():.0f} s are allowed"
        )
        raise Untrusted(msg)
