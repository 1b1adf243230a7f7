"""What single fields of a request may hold: exact amounts, printable text, moments with a zone."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date
from decimal import Decimal
from typing import Annotated, Any, NoReturn

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

_DECIMALS = 6
_TOO_MUCH = Decimal(10) ** 12
_NUMBER = re.compile(r"\d{1,13}(\.\d{1,9})?", re.ASCII)
_YEAR = re.compile(r"(19[7-9]|20)\d", re.ASCII)  # what lies further off is a slip
_WHOLE = Decimal(100)
_LINE_BREAKS = "\t\n\r"
_PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""The same for the API's description; regular expressions of JSON Schema are JavaScript's."""


def wrong(what: str, text: str, **facts: str) -> PydanticCustomError:
    """Say what is wrong with a field; `text` may name its `facts` in braces."""
    return PydanticCustomError(what, text, facts)


def refuse(what: str, text: str, **facts: str) -> NoReturn:
    """Raise what `wrong` says."""
    raise wrong(what, text, **facts)


def decimals_in(value: Decimal) -> int:
    """Return how many decimals a number needs."""
    return max(0, -int(value.normalize().as_tuple().exponent)) if value else 0


def _exact(value: Any) -> Decimal:
    """Read a JSON number or its text; a float has lost its last digits before it came here."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        refuse("amount", 'give a number, or a text such as "12.50"')
    return _in_range(Decimal(value))


def _in_range(value: Decimal) -> Decimal:
    if not value.is_finite() or value >= _TOO_MUCH:
        refuse("amount", "give a number below one million millions")
    if value < 0:
        refuse("amount", "a number below zero has no place here")
    if decimals_in(value) > _DECIMALS:
        refuse("amount", "give at most six decimals")
    return value.normalize() if value else Decimal(0)


def _positive(value: Decimal) -> Decimal:
    if not value:
        refuse("amount", "give a number above zero")
    return value


def _percent(value: Decimal) -> Decimal:
    if value > _WHOLE:
        refuse("amount", "give a percentage from 0 to 100")
    return value


def _written(value: Any) -> Any:
    """Let only texts be moments and days: a number may mean seconds, milliseconds or a year."""
    if not isinstance(value, str) or not _YEAR.match(value):
        refuse("moment", "give a text such as 2026-11-21, and a moment as 2026-11-21T09:00:00Z")
    return value


def _printable(text: str) -> str:
    for char in text:
        # Halves of a character cannot be written as UTF-8, and no database takes a NUL.
        if unicodedata.category(char) in {"Cc", "Cs"} and char not in _LINE_BREAKS:
            text = "control characters have no place in a text: {code}"
            refuse("text", text, code=hex(ord(char)))
    return text


def _one_line(text: str) -> str:
    return " ".join(_printable(text).split())


def _not_empty(text: str) -> str:
    name = _one_line(text)
    if not name:
        refuse("text", "give a text that is not empty")
    return name


def _has_an_at(email: str) -> str:
    name, at, host = email.rpartition("@")
    if email and (" " in email or not (name and at and host)):
        refuse("email", "give an e-mail address, such as ada@example.com")
    return email


_AS_TEXT = PlainSerializer(lambda value: f"{value:f}", return_type=str)


def _number_schema(**bounds: float) -> WithJsonSchema:
    number = {"type": "number", "minimum": 0, "exclusiveMaximum": 1e12, **bounds}
    text = {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?$"}
    return WithJsonSchema({"anyOf": [number, text]})


def text_of(most: int) -> Any:
    """Return how long a text may be, and what it may hold, as the documentation says it."""
    return Field(max_length=most, json_schema_extra={"pattern": _PRINTABLE})


Amount = Annotated[Decimal, BeforeValidator(_exact), _AS_TEXT, _number_schema()]
Quantity = Annotated[
    Decimal,
    BeforeValidator(_exact),
    AfterValidator(_positive),
    _AS_TEXT,
    _number_schema(minimum=0.000001),
]
Percent = Annotated[
    Decimal,
    BeforeValidator(_exact),
    AfterValidator(_percent),
    _AS_TEXT,
    _number_schema(maximum=100),
]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(lambda moment: moment.astimezone(UTC)),
]
Day = Annotated[date, BeforeValidator(_written)]
OneLine = AfterValidator(_one_line)
"""For a line of another length: pydantic lets the length inside Line outrank one beside it."""
Named = AfterValidator(_not_empty)
Line = Annotated[str, text_of(254), AfterValidator(_one_line)]
Email = Annotated[str, text_of(100), OneLine, AfterValidator(_has_an_at)]
Text = Annotated[str, text_of(2000), AfterValidator(_printable)]
Reference = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~:-]{0,63}$", strip_whitespace=False)
]
