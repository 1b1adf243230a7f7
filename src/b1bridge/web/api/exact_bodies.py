"""Bytes of a request as JSON that is safe to keep: exact numbers, bounded, no name twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

MOST_LEVELS = 32
MOST_DIGITS = 40
_LARGEST = 10**MOST_DIGITS
_CONTROLS = "NUL, another control character, or a lone surrogate"
# A database's text holds no NUL, UTF-8 no lone surrogate, and no document shows other controls.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

_Found = tuple[str, list[Any]]


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
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        msg = f"the body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        raise Unsound(msg) from error
    except RecursionError as error:
        raise _too_deep() from error
    except Unsound:
        raise
    except ValueError as error:  # Python reads no whole number of more than 4300 digits
        msg = f"a number has more than {MOST_DIGITS} digits"
        raise Unsound(msg) from error
    _look_into(document)
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


def _too_long(text: str) -> Unsound:
    return Unsound(f"a number has more than {MOST_DIGITS} digits: {text[:MOST_DIGITS]}…")


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


def _look_into(document: Any) -> None:
    """Look for texts and numbers that cannot be kept, and for depth."""
    found = _wrong_in([document], 0)
    if found is not None:
        what, steps = found
        raise Unsound(what, pointer_of(*reversed(steps[:-1])))


def _wrong_in(inside: dict[str, Any] | list[Any], level: int) -> _Found | None:
    """Return what is wrong within, and the steps there from the inside out.

    Places are put together only for what is wrong: a body of a megabyte has half a million.
    """
    if level > MOST_LEVELS:
        raise _too_deep()
    named = isinstance(inside, dict)
    items: Iterable[tuple[Any, Any]]
    items = inside.items() if isinstance(inside, dict) else enumerate(inside)
    for step, item in items:
        if named and _UNSAFE.search(str(step)):
            return f"the name of a field holds {_CONTROLS}", []
        if isinstance(item, str):
            if _UNSAFE.search(item):
                return f"a text holds {_CONTROLS}", [step]
        elif isinstance(item, dict | list):
            found = _wrong_in(item, level + 1)
            if found is not None:
                found[1].append(step)
                return found
        elif type(item) is int and abs(item) >= _LARGEST:
            return f"a number has more than {MOST_DIGITS} digits", [step]
    return None


def _too_deep() -> Unsound:
    return Unsound(f"the body is more than {MOST_LEVELS} levels deep")


def _shown(name: str) -> str:
    return json.dumps(name[:40])
