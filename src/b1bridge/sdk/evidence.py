"""What is kept of an answer that we cannot read: enough to mend the connector, and no secret."""

from __future__ import annotations

import re
from typing import Any

from b1bridge.sdk import exact_json

MOST_CHARACTERS = 64 * 1024
HIDDEN = "(hidden)"
_SECRET = re.compile(
    r"password|passwd|secret|token|session|authori[sz]ation|card_?number|cvv", re.IGNORECASE
)


def evidence(payload: Any) -> str:
    """Write an answer down as text: values under secret names hidden, and no longer than 64 K."""
    if isinstance(payload, bytes):
        text = payload.decode(errors="replace")
    elif isinstance(payload, str):
        text = payload
    else:
        text = _written(_without_secrets(payload))
    left = len(text) - MOST_CHARACTERS
    return text if left <= 0 else f"{text[:MOST_CHARACTERS]}… and {left} characters more"


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: HIDDEN if _SECRET.search(str(key)) else _without_secrets(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return value


def _written(value: Any) -> str:
    try:
        return exact_json.dumps(value)
    except TypeError:
        return repr(value)
