"""Texts as SAP's fields can hold them: one line, and no longer than the field is wide."""

from __future__ import annotations

import re

from b1bridge.errors import Rejected

# SAP refuses longer texts instead of cutting them. CardCode is recorded (sap-service-layer.md 5),
# NumAtCard too (9.1); the other widths are those of the database columns from memory: guesses.
CARD_CODE = 15
REFERENCE = 100
CARD_NAME = 100
EMAIL = 100
PHONE = 20
TAX_ID = 32
COMMENTS = 254
DESCRIPTION = 100
TRANSFER_REFERENCE = 27

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def plain(text: str) -> str:
    """Turn control characters and line ends into spaces, since SAP's fields are one line."""
    return " ".join(_CONTROL.sub(" ", text).split())


def width_of(text: str) -> int:
    """Count as the database does, in UTF-16 units: most emoji take two."""
    return len(text.encode("utf-16-le")) // 2


def head(text: str, width: int) -> str:
    """Return as much of the beginning as fits, and never half a character."""
    return text.encode("utf-16-le")[: 2 * width].decode("utf-16-le", "ignore")


def cut(text: str, width: int) -> str:
    """Shorten a text of our own making; an ellipsis shows that there was more."""
    clean = plain(text)
    return clean if width_of(clean) <= width else head(clean, width - 1).rstrip() + "…"


def fitting(text: str, width: int, *, field: str, record: str) -> str:
    """Return the text, or raise Rejected: half a code or reference would name something else."""
    clean = plain(text)
    if width_of(clean) <= width:
        return clean
    msg = f"{record}: {field} takes {width} characters and '{clean}' has {width_of(clean)}"
    raise Rejected(msg, reason="VALUE_TOO_LONG", fix=f"shorten {field}, then retry the case")
