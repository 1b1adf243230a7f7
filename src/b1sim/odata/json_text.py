"""Writes JSON the way Service Layer prints it: tabs, ` : `, containers on their own line (1)."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

Json = Any
quoted: Callable[[str], str] = encode_basestring


def number(value: Decimal | float) -> str:
    """Print a double; whole ones keep their `.0`."""
    return repr(float(value))


def text_of(value: Json, depth: int = 0) -> str:
    """Print any value at a depth of tabs."""
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return number(value)
    if isinstance(value, dt.date | dt.time):
        return quoted(value.isoformat())
    return _container(value, depth)


def _container(value: Mapping[str, Json] | Sequence[Json], depth: int) -> str:
    if isinstance(value, Mapping):
        members = [f"{quoted(key)} : {_nested(item, depth + 1)}" for key, item in value.items()]
        return enclosed("{", members, "}", depth)
    return enclosed("[", [text_of(item, depth + 1) for item in value], "]", depth)


def _nested(value: Json, depth: int) -> str:
    if isinstance(value, Mapping | list | tuple) and value:
        return own_line(text_of(value, depth), depth)
    return text_of(value, depth)


def own_line(printed: str, depth: int) -> str:
    """Start a container below its key."""
    tabs = "\t" * depth
    return f"\n{tabs}{printed}"


def enclosed(opening: str, members: Sequence[str], closing: str, depth: int) -> str:
    """Join printed members inside brackets that stand at `depth`."""
    if not members:
        return opening + closing
    tabs = "\t" * depth
    joined = f",\n{tabs}\t".join(members)
    return f"{opening}\n{tabs}\t{joined}\n{tabs}{closing}"


def styled(value: Json) -> str:
    """Print as errors are printed, by another writer: three spaces, brackets on their key's line.

    Read off recorded replies: an error of version 2 with its details is 213 bytes long (3.1).
    """
    return json.dumps(value, indent=3, separators=(",", " : "), ensure_ascii=False) + "\n"
