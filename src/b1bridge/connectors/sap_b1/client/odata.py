"""The part of OData that SAP understands, built from values so that no text can break out.

Functions and operators: sap-service-layer.md 4.2; keys: 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from urllib.parse import quote

Value = str | int | Decimal | date | time | None

_PATH = re.compile(r"[A-Za-z_]\w*(?:/[A-Za-z_]\w*)*", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_SAFE = "'(),:"


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition; only the functions of this module make one."""

    text: str


def speakable(text: str) -> bool:
    """Tell whether SAP could hold this text in a code; control characters it could not."""
    return not _UNSPEAKABLE.search(text)


def literal(value: Value) -> str:
    """Write a value as OData does; enum members are their names. ValueError if unspeakable."""
    if value is None:
        return "null"
    if isinstance(value, str):
        if not speakable(value):
            msg = "control characters cannot stand in a request"
            raise ValueError(msg)
        return "'" + str(value).replace("'", "''") + "'"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return f"'{value:%Y-%m-%d}'"
    if isinstance(value, time):
        return f"'{value:%H:%M:%S}'"  # SAP compares hours and minutes only (4.2)
    return str(int(value))


def key(entity_set: str, value: str | int | None = None, **parts: str | int) -> str:
    """Address one entity, percent-encoded: Orders(22), or with its composite key."""
    if value is not None:
        inside = encoded(literal(value))
    else:
        inside = ",".join(f"{plain_name(n)}={encoded(literal(part))}" for n, part in parts.items())
    return f"{plain_name(entity_set)}({inside})"


def eq(name: str, value: Value) -> Filter:
    """Equal."""
    return _compare(name, "eq", value)


def ne(name: str, value: Value) -> Filter:
    """Not equal."""
    return _compare(name, "ne", value)


def gt(name: str, value: Value) -> Filter:
    """Greater than."""
    return _compare(name, "gt", value)


def ge(name: str, value: Value) -> Filter:
    """Greater than or equal."""
    return _compare(name, "ge", value)


def lt(name: str, value: Value) -> Filter:
    """Less than."""
    return _compare(name, "lt", value)


def le(name: str, value: Value) -> Filter:
    """Less than or equal."""
    return _compare(name, "le", value)


def startswith(name: str, text: str) -> Filter:
    """Begin with the text."""
    return Filter(f"startswith({plain_path(name)},{literal(text)})")


def endswith(name: str, text: str) -> Filter:
    """End with the text."""
    return Filter(f"endswith({plain_path(name)},{literal(text)})")


def contains(name: str, text: str) -> Filter:
    """Have the text anywhere."""
    return Filter(f"contains({plain_path(name)},{literal(text)})")


def and_(*filters: Filter) -> Filter:
    """All of them."""
    return _join("and", filters)


def or_(*filters: Filter) -> Filter:
    """At least one of them."""
    return _join("or", filters)


def not_(condition: Filter) -> Filter:
    """Negate a condition."""
    return Filter(f"not ({condition.text})")


def query(
    *,
    select: Sequence[str],
    where: Filter | None = None,
    order_by: str | Sequence[str] = (),
    top: int | None = None,
    skip: int = 0,
) -> str:
    """Write the options of a read, percent-encoded; spaces as %20, never as plus."""
    ordered = [order_by] if isinstance(order_by, str) and order_by else order_by
    options = {"$select": ",".join(plain_name(name) for name in select)}
    if where is not None:
        options["$filter"] = where.text
    if ordered:
        options["$orderby"] = ",".join(plain_name(name) for name in ordered)
    if top is not None:
        options["$top"] = str(top)
    if skip:
        options["$skip"] = str(skip)
    return "&".join(f"{name}={encoded(text)}" for name, text in options.items())


def any_of(name: str, values: Sequence[str], *, max_chars: int = 3000) -> Iterator[Filter]:
    """Yield conditions that together match every value, each short enough for a URL.

    Nothing public tells SAP's limit (16); Apache's own is 8190 for the whole line.
    """
    yield from alternatives((eq(name, value) for value in values), max_chars=max_chars)


def alternatives(conditions: Iterable[Filter], *, max_chars: int = 3000) -> Iterator[Filter]:
    """Yield conditions that together match what any of these matches, each short enough."""
    chunk: list[Filter] = []
    length = 0
    for condition in conditions:
        size = len(encoded(condition.text)) + len(encoded(" or "))
        if chunk and length + size > max_chars:
            yield or_(*chunk)
            chunk, length = [], 0
        chunk.append(condition)
        length += size
    if chunk:
        yield or_(*chunk)


def encoded(text: str) -> str:
    """Percent-encode what stands on the right of an option."""
    return quote(text, safe=_SAFE)


def plain_name(name: str) -> str:
    """Return the name of a property, set or action; ValueError for what could break out."""
    if not _NAME.fullmatch(name):
        msg = f"{name!r} is no property or set"
        raise ValueError(msg)
    return name


def plain_path(path: str) -> str:
    """Return a property, or one of a joined entity such as Orders/DocumentLines/ItemCode."""
    if not _PATH.fullmatch(path):
        msg = f"{path!r} is no property"
        raise ValueError(msg)
    return path


def same_as(left: str, right: str) -> Filter:
    """Equal in two properties, as joined entities are matched (4.2)."""
    return Filter(f"{plain_path(left)} eq {plain_path(right)}")


def _compare(name: str, operator: str, value: Value) -> Filter:
    return Filter(f"{plain_path(name)} {operator} {literal(value)}")


def _join(operator: str, filters: Sequence[Filter]) -> Filter:
    if len(filters) == 1:
        return filters[0]
    return Filter("(" + f" {operator} ".join(item.text for item in filters) + ")")
