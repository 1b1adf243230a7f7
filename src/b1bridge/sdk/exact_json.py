"""JSON whose numbers stay exact: decimals are read and written as Decimal, floats are refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn


def loads(text: str | bytes) -> Any:
    """Read JSON with every fraction as Decimal; ValueError for what is not JSON, NaN included."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError as error:
        msg = "JSON within JSON, deeper than anything has reason to be"
        raise ValueError(msg) from error


def dumps(value: Any) -> str:
    """Write JSON with every Decimal as the number it reads; TypeError for a float."""
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, str):  # members of a StrEnum
        return _text(str(value))
    msg = f"{type(value).__name__} has no exact form in JSON"
    raise TypeError(msg)


def _refuse(constant: str) -> NoReturn:
    msg = f"{constant} is not a JSON number"
    raise ValueError(msg)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: Decimal) -> str:
    if not value.is_finite():
        _refuse(str(value))
    return format(value, "f")


def _object(value: Mapping[str, Any]) -> str:
    return "{" + ",".join(f"{_text(key)}:{dumps(item)}" for key, item in value.items()) + "}"


def _array(value: list[Any] | tuple[Any, ...]) -> str:
    return "[" + ",".join(map(dumps, value)) + "]"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _text,
    Decimal: _number,
    int: str,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    date: lambda value: f'"{value.isoformat()}"',
    dict: _object,
    list: _array,
    tuple: _array,
}
