"""Turns the literals of a filter into stored values (sap-service-layer.md 4.2)."""

import re
from collections.abc import Callable
from datetime import date

from b1sim.company.shape.model import Property
from b1sim.odata.reading.filter_grammar import Literal
from b1sim.odata.refusing import bad_request

# Eighteen digits always fit the database.
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
Stored = str | int | float | None
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?[\d:.]*(?:Z|[+-]\d\d:\d\d)?)?")
# The date part needs its dashes or a following time of six digits, else `1838` were a year.
_TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\d[T ]|\d{8}T?(?=\d{4}))?(\d\d):?(\d\d)(?::?\d\d(?:\.\d+)?)?Z?"
)


def stored_value(property_: Property, literal: Literal) -> Stored:
    """Convert to what the property's column holds; refuse with -1000 what does not fit."""
    if literal.kind == "null":
        return None
    if property_.enum is not None:
        return _letter(property_, literal.text)
    convert = _BY_TYPE.get(property_.type)
    return literal.text if convert is None else convert(property_, literal.text)


def _letter(property_: Property, text: str) -> str:
    """Accept the member's name or the stored letter."""
    members = property_.enum or {}
    if text in members:
        return members[text]
    if text in members.values():
        return text
    raise _misfit(property_, text)


def _day(property_: Property, text: str) -> str:
    """Ignore the time part, as SAP does."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise _misfit(property_, text)
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError as error:
        raise _misfit(property_, text) from error


def _minute(property_: Property, text: str) -> int:
    """Ignore the date and the seconds: only hour and minute (HHMM) are effective."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise _misfit(property_, text)
    return int(found[1] + found[2])


def _whole(property_: Property, text: str) -> int:
    if _WHOLE.fullmatch(text) is None:
        raise _misfit(property_, text)
    return int(text)


def _double(property_: Property, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise _misfit(property_, text) from error


def _misfit(property_: Property, text: str) -> Exception:
    return bad_request(f"Query string error: '{text}' is no value of property '{property_.name}'")


_BY_TYPE: dict[str, Callable[[Property, str], Stored]] = {
    "Edm.DateTime": _day,
    "Edm.Time": _minute,
    "Edm.Int16": _whole,
    "Edm.Int32": _whole,
    "Edm.Int64": _whole,
    "Edm.Double": _double,
    "Edm.Decimal": _double,
}
