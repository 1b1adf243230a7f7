"""What differs between a recorded answer and a simulated one: form, never the data in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from b1sim.company.shape.model import ENUMS

Kind = Literal["status", "header", "body", "missing", "extra", "type", "spelling", "order", "rows"]
Headers = list[tuple[str, str]]
Json = Any
# They tell of a moment or of a connection, not of Service Layer's manners.
_OF_THE_MOMENT = frozenset({"date", "content-length", "transfer-encoding", "age", "via"})
# Their presence is compared, not what they say.
_OF_THE_SERVER = frozenset({"server", "keep-alive", "connection", "location", "etag"})
_MEMBERS = frozenset(member for members in ENUMS.values() for member in members)


@dataclass(frozen=True, order=True)
class Difference:
    """One thing that is otherwise in every answer of an endpoint where it was seen."""

    kind: Kind
    where: str
    recorded: str
    simulated: str


def of_status(recorded: int, simulated: int) -> Iterator[Difference]:
    """Compare the status."""
    if recorded != simulated:
        yield Difference("status", "", str(recorded), str(simulated))


def of_headers(recorded: Headers, simulated: Headers) -> Iterator[Difference]:
    """Compare names, and the values of those that say the same each time."""
    was, now = _comparable(recorded), _comparable(simulated)
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            absent = "(none)"
            yield Difference("header", name, was.get(name, absent), now.get(name, absent))


def of_json(recorded: Json, simulated: Json, where: str = "") -> Iterator[Difference]:
    """Compare two JSON values: members, types, enum spelling, order and numbers of rows."""
    if isinstance(recorded, dict) and isinstance(simulated, dict):
        yield from _of_members(recorded, simulated, where)
    elif isinstance(recorded, list) and isinstance(simulated, list):
        if len(recorded) != len(simulated):
            yield Difference("rows", where, str(len(recorded)), str(len(simulated)))
        for one, other in zip(recorded, simulated, strict=False):
            yield from of_json(one, other, f"{where}[*]")
    elif recorded is not None and simulated is not None:
        yield from _of_values(recorded, simulated, where)


def _of_members(
    recorded: Mapping[str, Json], simulated: Mapping[str, Json], where: str
) -> Iterator[Difference]:
    dot = f"{where}." if where else ""
    for name in recorded.keys() - simulated.keys():
        yield Difference("missing", dot + name, _type_of(recorded[name]), "(none)")
    for name in simulated.keys() - recorded.keys():
        yield Difference("extra", dot + name, "(none)", _type_of(simulated[name]))
    yield from _of_order(recorded, simulated, where)
    for name in recorded.keys() & simulated.keys():
        yield from of_json(recorded[name], simulated[name], dot + name)


def _of_order(
    recorded: Mapping[str, Json], simulated: Mapping[str, Json], where: str
) -> Iterator[Difference]:
    was = [name for name in recorded if name in simulated]
    now = [name for name in simulated if name in recorded]
    if was == now:
        return
    places = {name: place for place, name in enumerate(now)}
    before, after = next((a, b) for a, b in pairwise(was) if places[a] > places[b])
    yield Difference("order", where, f"{before}, {after}", f"{after}, {before}")


def _of_values(recorded: Json, simulated: Json, where: str) -> Iterator[Difference]:
    was, now = _type_of(recorded), _type_of(simulated)
    if was != now:
        yield Difference("type", where, was, now)
    elif where in {"error.code", "odata.error.code"} and recorded != simulated:
        yield Difference("body", where, str(recorded), str(simulated))
    elif where in {"error.message", "error.message.value"}:
        yield from _of_sentences(recorded, simulated, where)
    elif isinstance(recorded, str) and (recorded in _MEMBERS) != (simulated in _MEMBERS):
        yield Difference("spelling", where, recorded, simulated)


def _of_sentences(recorded: str, simulated: str, where: str) -> Iterator[Difference]:
    """Compare the words of two refusals without what they quote."""
    was, now = sentence_of(recorded), sentence_of(simulated)
    if was != now:
        yield Difference("body", where, was, now)


def sentence_of(text: str) -> str:
    """Leave out of a refusal what differs each time: quotations, names with digits, own texts."""
    if own := re.match(r"\(\d+\)\s", text):
        return own[0].strip()
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", text)
    return " ".join("…" if re.search(r"[@\d]", word) else word for word in bare.split())


def _type_of(value: Json) -> str:
    names = {bool: "boolean", int: "integer", float: "double", str: "text", dict: "object"}
    return "null" if value is None else names.get(type(value), "list")


def _comparable(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        if key in _OF_THE_MOMENT:
            continue
        if key == "set-cookie":
            key = f"set-cookie {value.partition('=')[0].strip()}"
        found[key] = _form(key, value)
    return found


def _form(name: str, value: str) -> str:
    """Reduce a value to what stays the same in another session."""
    if name in _OF_THE_SERVER:
        return "(any)"
    if name.startswith("set-cookie"):
        return re.sub(r"=[^;]*", "=…", value, count=1)
    if name == "www-authenticate":
        return re.sub(r"\([^)]*\)", "(…)", value)
    if name == "content-type":
        return re.sub(r"boundary=\S+", "boundary=…", value)
    return value
