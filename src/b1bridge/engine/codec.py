"""How step results and errors travel through the database: plain JSON with named classes.

Only classes of b1bridge.domain, b1bridge.engine and b1bridge.errors may be named, so whoever
can write the database can make no other code run (a pickle would).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from b1bridge import errors

TAG = "$"
_SCALARS = (str, int, float, bool, type(None))
_HOMES = ("b1bridge.domain.", "b1bridge.engine.")


class Unreadable(ValueError):
    """A stored value names a class that may not be named, or a value that cannot be stored."""


class Remembered(Exception):
    """A bug that a step ended in before we died; its text is all that is kept."""


def plain(value: Any) -> Any:
    """Turn a value into JSON's own types; raises Unreadable for what has no place there."""
    kind: type[Any] = type(value)
    if kind in _SCALARS:
        return value
    encode = _ENCODERS.get(kind)
    if encode is not None:
        return encode(value)
    if isinstance(value, Enum):
        return {TAG: "enum", "of": _name_of(kind), "v": value.name}
    if is_dataclass(value):
        return {
            TAG: _name_of(kind),
            **{n: plain(getattr(value, n)) for n in value.__dataclass_fields__},
        }
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    msg = f"{kind.__module__}.{kind.__qualname__} has no place in a step's result"
    raise Unreadable(msg)


def whole(stored: Any) -> Any:
    """Return the value that `plain` wrote down."""
    if isinstance(stored, list):
        return [whole(item) for item in stored]
    if not isinstance(stored, dict):
        return stored
    tag = stored.get(TAG)
    if tag is None:
        return {key: whole(item) for key, item in stored.items()}
    decode = _DECODERS.get(tag)
    if decode is not None:
        return decode(stored)
    return _whole_dataclass(tag, stored)


def dumps(value: object) -> str:
    """Write a value as compact JSON text."""
    return text_of(plain(value))


def loads(text: str) -> Any:
    """Read what `dumps` wrote."""
    return whole(json.loads(text))


def digest(value: object) -> str:
    """Return the SHA-256 of a value; what cannot be stored is digested by its repr."""
    try:
        text = dumps(value)
    except Unreadable:
        text = repr(value)
    return digest_of(text)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def text_of(value: object) -> str:
    """Write what `plain` returned as compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain_mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    if all(type(key) is str for key in value) and TAG not in value:
        return {key: plain(item) for key, item in value.items()}
    return {TAG: "map", "v": [[plain(key), plain(item)] for key, item in value.items()]}


def _name_of(kind: type) -> str:
    if not kind.__module__.startswith(_HOMES) or "." in kind.__qualname__:
        msg = f"{kind.__module__}.{kind.__qualname__} may not be named in a step's result"
        raise Unreadable(msg)
    return f"{kind.__module__.removeprefix('b1bridge.')}:{kind.__qualname__}"


@cache
def _class_named(name: str) -> type:
    module, _, qualname = name.partition(":")
    if not f"b1bridge.{module}".startswith(_HOMES) or "." in qualname:
        msg = f"the stored name {name!r} may not be used"
        raise Unreadable(msg)
    found = getattr(import_module(f"b1bridge.{module}"), qualname, None)
    if not isinstance(found, type) or _name_of(found) != name:
        msg = f"the stored name {name!r} is no class of this version"
        raise Unreadable(msg)
    return found


def _whole_dataclass(tag: str, stored: dict[str, Any]) -> object:
    kind = _class_named(tag)
    if not is_dataclass(kind):
        msg = f"the stored name {tag!r} is no dataclass"
        raise Unreadable(msg)
    return kind(**{key: whole(item) for key, item in stored.items() if key != TAG})


def _whole_enum(stored: dict[str, Any]) -> object:
    kind = _class_named(stored["of"])
    if not issubclass(kind, Enum):
        msg = f"the stored name {stored['of']!r} is no enumeration"
        raise Unreadable(msg)
    return kind[stored["v"]]


_ERROR_FACTS = ("system", "code", "request_id", "retry_after", "reason", "fix", "payload")


def plain_error(error: BaseException) -> dict[str, Any]:
    """Write down an error; of a bug only its text is kept."""
    if not isinstance(error, errors.BridgeError):
        return {TAG: "bug", "v": f"{type(error).__name__}: {error}"}
    facts = {n: getattr(error, n) for n in _ERROR_FACTS if hasattr(error, n)}
    name, connection = type(error).__name__, error.connection
    return {TAG: "error", "of": name, "v": str(error), "on": connection, "facts": facts}


def _whole_error(stored: dict[str, Any]) -> errors.BridgeError:
    kind = getattr(errors, stored["of"])
    error: errors.BridgeError = kind(stored["v"], **stored["facts"])
    error.connection = stored["on"]
    return error


_ENCODERS: dict[type, Callable[[Any], Any]] = {
    Decimal: lambda v: {TAG: "decimal", "v": str(v)},
    datetime: lambda v: {TAG: "datetime", "v": v.isoformat(), "fold": v.fold},
    date: lambda v: {TAG: "date", "v": v.isoformat()},
    tuple: lambda v: {TAG: "tuple", "v": [plain(item) for item in v]},
    list: lambda v: [plain(item) for item in v],
    dict: _plain_mapping,
}
_DECODERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "decimal": lambda s: Decimal(s["v"]),
    "datetime": lambda s: datetime.fromisoformat(s["v"]).replace(fold=s["fold"]),
    "date": lambda s: date.fromisoformat(s["v"]),
    "tuple": lambda s: tuple(whole(item) for item in s["v"]),
    "map": lambda s: {whole(key): whole(item) for key, item in s["v"]},
    "enum": _whole_enum,
    "error": _whole_error,
    "bug": lambda s: Remembered(s["v"]),
}
