"""Rewrites the values of a JSON text and leaves every other sign of it as it was."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")(?P<colon>\s*:)?|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)',
    re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One value, its spelling, and the name of the member that it stands in."""

    name: str
    value: str | int | float
    raw: str


def rewritten(text: str, change: Callable[[Token], str | int | float]) -> str:
    """Change each text and number of a valid JSON text; a value that stays keeps its spelling."""
    name = ""

    def replaced(found: re.Match[str]) -> str:
        nonlocal name
        raw = found["string"] or found["number"]
        value = json.loads(raw)
        if found["colon"]:
            name = str(value)
            return found[0]
        changed = change(Token(name, value, raw))
        return raw if changed == value else json.dumps(changed, ensure_ascii=False)

    return _TOKEN.sub(replaced, text)
