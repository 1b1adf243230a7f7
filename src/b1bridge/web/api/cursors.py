"""Where a list goes on: the key of the last row, packed so that nobody takes it for a number."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from b1bridge.web import problem_types
from b1bridge.web.api.exact_bodies import Unsound, parsed
from b1bridge.web.problems import Refusal, WrongField

_MOST_CHARACTERS = 1024
_LARGEST = 2**63 - 1


def cursor_of(*parts: str | int) -> str:
    """Pack the key of the last row shown; it is no secret, so it is not signed."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parts_of(cursor: str, *kinds: type[str | int]) -> list[Any]:
    """Unpack a cursor of these kinds of parts; refuse with 400 what we never gave out."""
    parts = _unpacked(cursor)
    sound = isinstance(parts, list) and [type(part) for part in parts] == list(kinds)
    if not sound or any(isinstance(part, int) and abs(part) > _LARGEST for part in parts):
        raise _broken()
    return list(parts)


def _unpacked(cursor: str) -> Any:
    if not cursor.isascii() or len(cursor) > _MOST_CHARACTERS:
        raise _broken()
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return parsed(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, Unsound) as error:
        raise _broken() from error


def _broken() -> Refusal:
    detail = "the cursor is none that was given out here"
    errors = [WrongField("query cursor", detail)]
    return Refusal(problem_types.INVALID_PARAMETER, detail, errors=errors)
