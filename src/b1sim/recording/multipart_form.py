"""Turns the answer to a batch into members that can be compared like JSON."""

import json
import re
from typing import Any

_BOUNDARY = re.compile(r'boundary="?([^";\s]+)"?', re.IGNORECASE)


def form_of(content_type: str, text: str) -> dict[str, Any]:
    """Read each part as its headers, its status line and its body, however deep it lies."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return {"not multipart": {}}
    pieces = re.split(rf"(?m)^--{re.escape(found[1])}(?:--)?[ \t]*\r?$", text)
    return {"parts": [_part(piece.strip("\r\n")) for piece in pieces[1:-1]]}


def _part(text: str) -> dict[str, Any]:
    head, _, content = _halves(text)
    headers = _headers(head)
    kind = headers.get("content-type", "")
    if kind.startswith("multipart/mixed"):
        return {"outside " + " ".join(sorted(headers)): {}} | form_of(kind, content)
    inner, _, body = _halves(content)
    status, _, rest = inner.partition("\n")
    return {
        "outside " + " ".join(sorted(headers)): {},
        status.strip(): {" ".join(sorted(_headers(rest))): {}},
        "body": _body(body),
    }


def _halves(text: str) -> tuple[str, str, str]:
    found = re.search(r"\r?\n\r?\n", text)
    return (text[: found.start()], "", text[found.end() :]) if found else (text, "", "")


def _headers(head: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _body(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()
