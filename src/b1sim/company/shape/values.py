"""What a value is on its way in (JSON), in the books (SQLite) and on its way out (Python).

Dates lie as "2026-11-21", times as the integer HHMMSS, enum members as SAP's stored letter,
amounts as REAL of six decimals; inside the rules every amount is a Decimal.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from b1sim.company.refusals import invalid_property, invalid_value, value_too_long
from b1sim.company.shape.model import Property

_UNITS = [Decimal(1).scaleb(-decimals) for decimals in range(10)]
# Products of what was sent have more digits than the usual 28; no sum of them must fail to round.
_WIDE = Context(prec=80)
# An amount is a DECIMAL(19,6) in SAP's tables, and Edm.Int32 has 32 bits. That what is larger is
# refused, and does not fail deeper inside, is a guess.
_MOST, _MOST_WHOLE = Decimal(10) ** 13, 2**31
DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]?[\d:.Z+-]*)?$")
_TIME = re.compile(r"(?:\d{4}-?\d{2}-?\d{2}T?)?(\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.\d]*Z?)?$")


def rounded(amount: Decimal, decimals: int = 2) -> Decimal:
    """Round commercially, as SAP does."""
    return amount.quantize(_UNITS[decimals], ROUND_HALF_UP, _WIDE)


def parse(prop: Property, type_name: str, value: Any) -> Any:
    """Read a JSON value for one property; Refusal -1000 or -1 when it does not fit."""
    if value is None:
        return None
    try:
        parsed = _parser(prop)(prop, value)
    except (ValueError, TypeError, InvalidOperation):
        raise invalid_value(prop.name, type_name, value) from None
    if prop.max_length is not None and len(str(parsed)) > prop.max_length:
        raise value_too_long(prop.name, type_name)
    if prop.user is not None and prop.user.allowed and str(parsed) not in prop.user.allowed:
        raise invalid_value(prop.name, type_name, value)
    return parsed


def _parser(prop: Property) -> Callable[[Property, Any], Any]:
    if prop.enum is not None:
        return _enum_code
    return _PARSERS.get(prop.type, _extension)


def _enum_code(prop: Property, value: Any) -> str:
    codes = prop.enum or {}
    text = str(value)
    if text in codes:
        return codes[text]
    if text in codes.values():
        return text
    raise ValueError(text)


def _text(_: Property, value: Any) -> str:
    if isinstance(value, bool | dict | list):
        raise TypeError
    return str(value)


def _whole(_: Property, value: Any) -> int:
    number = _amount(_, value)
    if number != int(number) or not -_MOST_WHOLE <= number < _MOST_WHOLE:
        raise ValueError
    return int(number)


def _amount(_: Property, value: Any) -> Decimal:
    if isinstance(value, bool):
        raise TypeError
    number = Decimal(repr(value) if isinstance(value, float) else str(value))
    if not number.is_finite() or abs(number) >= _MOST:
        raise ValueError
    return number


def _day(_: Property, value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    found = DATE.match(str(value))
    if found is None:
        raise ValueError
    return date(*map(int, found.groups())).isoformat()


def _clock(_: Property, value: Any) -> int:
    if isinstance(value, time):
        return value.hour * 10000 + value.minute * 100 + value.second
    found = _TIME.match(str(value))
    if found is None:
        raise ValueError
    hour, minute, second = (int(part or 0) for part in found.groups())
    return _clock(_, time(hour, minute, second))


def _extension(prop: Property, value: Any) -> dict[str, Any]:
    """Check an extension such as AddressExtension property by property."""
    inner = {found.name: found for found in prop.complex}
    for name in value:
        if name not in inner:
            raise invalid_property(name, prop.type)
    return {name: parse(inner[name], prop.type, part) for name, part in value.items()}


_PARSERS: dict[str, Callable[[Property, Any], Any]] = {
    "Edm.String": _text,
    "Edm.Int32": _whole,
    "Edm.Double": _amount,
    "Edm.DateTime": _day,
    "Edm.Time": _clock,
}


def stored(value: Any) -> Any:
    """Turn an amount into what SQLite keeps; leave everything else."""
    return (
        float(value.quantize(_UNITS[6], ROUND_HALF_UP, _WIDE)) if type(value) is Decimal else value
    )


def amount(value: float | str | None) -> Decimal:
    """Read an amount out of the books; null counts as zero."""
    return Decimal(str(value)) if value else Decimal(0)


def reader(prop: Property) -> Callable[[Any], Any] | None:
    """Return what turns a stored value into the one of the API; None: it is that already."""
    if prop.enum is not None:
        return _member_reader(prop)
    return _READERS.get(prop.type) if not prop.complex else _extension_reader(prop)


def _member_reader(prop: Property) -> Callable[[Any], Any]:
    members = {code: member for member, code in (prop.enum or {}).items()}
    if prop.name == "Cancelled":
        # The column also says C for the mirror document; that it reads tYES is a guess.
        members["C"] = "tYES"
    return lambda value: members.get(value, value)


def _extension_reader(prop: Property) -> Callable[[Any], Any]:
    readers = {inner.name: reader(inner) for inner in prop.complex}

    def read(value: dict[str, Any]) -> dict[str, Any]:
        return {
            name: found(value[name])
            if (found := readers[name]) and value[name] is not None
            else value[name]
            for name in readers
            if name in value
        }

    return read


def _read_amount(value: float) -> Decimal:
    return Decimal(str(value))


def _read_time(value: int) -> time:
    return time(value // 10000, value // 100 % 100, value % 100)


_READERS: dict[str, Callable[[Any], Any]] = {
    "Edm.Double": _read_amount,
    "Edm.DateTime": date.fromisoformat,
    "Edm.Time": _read_time,
}


def hhmmss(moment: datetime) -> int:
    """Write a wall-clock time as the books keep it."""
    return moment.hour * 10000 + moment.minute * 100 + moment.second
