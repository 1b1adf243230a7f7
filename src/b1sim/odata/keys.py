"""Splits a resource path into segments and reads the keys in their parentheses (4.1)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from b1sim.odata.refusing import bad_request, unrecognized

_SEGMENT = re.compile(r"(?P<name>[^()']+)(?:\((?P<key>.*)\))?", re.DOTALL)
_PART = re.compile(
    r"\s*(?:(?P<name>\w+)\s*=\s*)?(?:'(?P<text>(?:[^']|'')*)'|(?P<bare>[^',\s]+))\s*(?:,|$)",
    re.DOTALL,
)
_NAMESPACE = "SAPB1."
# A slash inside a quoted key belongs to the key.
_SLASH = re.compile(r"/(?=(?:[^']*'[^']*')*[^']*$)")


@dataclass(frozen=True)
class KeyPart:
    """One value of a key; `name` is None in the short form `Orders(22)`."""

    name: str | None
    text: str
    quoted: bool


@dataclass(frozen=True)
class Segment:
    """One step of the path; `key` is None without parentheses."""

    name: str
    key: tuple[KeyPart, ...] | None = None


def segments_of(raw_path: str) -> list[Segment]:
    """Read a percent-encoded path below the version root; empty segments are dropped.

    OData 4 has clients call `Orders(22)/SAPB1.Close`, where SAP's samples have `Orders(22)/Close`
    (5; guess: both do).
    """
    first, *rest = [unquote(piece) for piece in _pieces(raw_path) if piece] or [""]
    plain = [first, *(piece.removeprefix(_NAMESPACE) for piece in rest)]
    return [_segment(piece) for piece in plain if piece]


def _pieces(raw_path: str) -> list[str]:
    return _SLASH.split(raw_path.replace("%27", "'"))


def _segment(text: str) -> Segment:
    found = _SEGMENT.fullmatch(text)
    if found is None:
        raise unrecognized(text)
    key = found["key"]
    return Segment(found["name"], None if key is None else _parts(key))


def _parts(text: str) -> tuple[KeyPart, ...]:
    parts, position = [], 0
    while position < len(text):
        found = _PART.match(text, position)
        if found is None:
            msg = f"Query string error: cannot read the key ({text})"
            raise bad_request(msg)
        parts.append(_part(found))
        position = found.end()
    return tuple(parts)


def _part(found: re.Match[str]) -> KeyPart:
    if found["bare"] is not None:
        return KeyPart(found["name"], found["bare"], quoted=False)
    return KeyPart(found["name"], found["text"].replace("''", "'"), quoted=True)
