"""Bytes of a request as JSON that is safe to keep: exact numbers, bounded, no name twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

MOST_LEVELS = 32
MOST_DIGITS = 40
# A database's text holds no NUL, UTF-8 no lone surrogate, and no document shows other controls.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Unsound(ValueError):
    """The text is no JSON that we take; `pointer` says where, as far as it is known."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.pointer = pointer


def parsed(body: bytes) -> Any:
    """Read one JSON document from UTF-8; raise Unsound for whatever is not sound in it."""
    try:
        # Some clients on Windows begin every file with a byte order mark.
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"the body is not UTF-8: byte {error.start} cannot be read"
        raise Unsound(msg) from error
    try:
        document = json.loads(
            text,
            parse_float=_fraction,
            parse_int=_whole,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        msg = f"the body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        raise Unsound(msg) from error
    except RecursionError as error:
        raise _too_deep() from error
    _look(document, "", 1)
    return document


def pointer_of(*steps: object) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def _fraction(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:  # an exponent beyond what Decimal can hold
        raise _too_long(text) from error
    # An exponent costs three bytes to send, and a billion to write out.
    if len(text) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        raise _too_long(text)
    return number


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise _too_long(text)
    return int(text)


def _too_long(text: str) -> Unsound:
    return Unsound(f"the number {text[:MOST_DIGITS]}… has more than {MOST_DIGITS} digits")


def _no_number(constant: str) -> NoReturn:
    msg = f"{constant} is not a JSON number"
    raise Unsound(msg)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        msg = f"an object names {_shown(twice)} twice"
        raise Unsound(msg)
    return found


def _look(value: Any, pointer: str, level: int) -> None:
    """Look for texts that cannot be kept, and for depth."""
    if isinstance(value, str):
        if _UNSAFE.search(value):
            msg = "a text holds NUL, another control character, or a lone surrogate"
            raise Unsound(msg, pointer)
        return
    inside: Iterable[tuple[object, Any]]
    if isinstance(value, dict):
        for name in value:
            if _UNSAFE.search(name):
                msg = (
                    "the name of a field holds NUL, another control character, or a lone surrogate"
                )
                raise Unsound(msg, pointer)
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    else:
        return
    if level > MOST_LEVELS:
        raise _too_deep()
    for step, item in inside:
        _look(item, pointer + pointer_of(step), level + 1)


def _too_deep() -> Unsound:
    return Unsound(f"the body is more than {MOST_LEVELS} levels deep")


def _shown(name: str) -> str:
    return json.dumps(name[:40])
