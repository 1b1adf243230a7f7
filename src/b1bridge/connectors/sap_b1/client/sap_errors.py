"""Reads every recorded shape of a Service Layer error (sap-service-layer.md 3.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from b1bridge.sdk import exact_json

# [INV1.ItemCode][line: 2], sometimes without a line; lines count from 1.
_FIELD = re.compile(r"\[(?P<field>\w+\.\w+)\](?:\s*\[line: (?P<line>\d+)\])?")
_LINE = re.compile(r"\[line: (\d+)\]")
# "1320000140 - Business partner …" in front, or "[Message 3524-20]" behind.
_MESSAGE_IN_FRONT = re.compile(r"\s*(\d{6,10}) - ")
_MESSAGE_BEHIND = re.compile(r"\[Message (\d+-\d+)\]")
# A company's own procedure answers "(<number>) <text>"; its text changes, its number does not.
_PROCEDURE = re.compile(r"\s*(?:-\d+ )?(?:\[NT\] )?\((-?\d+)\) ")
_SESSION = re.compile(
    r"(invalid|expired|timed? ?out).{0,30}session|session.{0,30}(invalid|expired|timed? ?out)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title>\s*(.{1,200}?)\s*</title>", re.IGNORECASE | re.DOTALL)

SESSION_ENDED = "301"
VALIDATION = "-5002"


@dataclass(frozen=True, slots=True)
class SapError:
    """What one refusing answer says; `line` counts from 1, as SAP does."""

    code: str
    text: str
    field: str = ""
    line: int | None = None
    message_id: str = ""
    procedure: str = ""

    @property
    def column(self) -> str:
        """The field without its table: ItemCode of INV1.ItemCode."""
        return self.field.partition(".")[2]

    @property
    def ends_the_session(self) -> bool:
        """-5002 is a business error; only its text can make it an end of session (3.1)."""
        return self.code == VALIDATION and bool(_SESSION.search(self.text))


def sap_error_of(response: httpx.Response) -> SapError:
    """Read the error of either version, of a balancer's HTML page, or of an empty body."""
    error = _json_error(response.content)
    if error is None:
        return SapError(code="", text=_page_text(response))
    return read_error(error)


def read_error(error: Mapping[str, Any]) -> SapError:
    """Read the inside of `error`: code as text or number, message as text or object."""
    message = error.get("message")
    if isinstance(message, Mapping):
        message = message.get("value")
    text = " ".join(str(message or "").split())
    field = _FIELD.search(text)
    line = field["line"] if field else None
    line = line or _group(_LINE, text)
    return SapError(
        code=str(error.get("code", "")).strip(),
        text=text,
        field=field["field"] if field else "",
        line=int(line) if line else None,
        message_id=_group(_MESSAGE_IN_FRONT, text, start=True) or _group(_MESSAGE_BEHIND, text),
        procedure=_group(_PROCEDURE, text, start=True),
    )


def _json_error(content: bytes) -> Mapping[str, Any] | None:
    try:
        body = exact_json.loads(content)
    except ValueError:
        return None
    error = body.get("error") if isinstance(body, Mapping) else None
    return error if isinstance(error, Mapping) else None


def _page_text(response: httpx.Response) -> str:
    """Take the title of an HTML page; the rest of it tells an operator nothing."""
    title = _TITLE.search(response.content[:4096].decode("utf-8", "replace"))
    if title:
        return " ".join(title[1].split())
    what = "an empty body" if not response.content else "no error SAP would write"
    return f"{response.reason_phrase or 'HTTP error'} with {what}"


def _group(pattern: re.Pattern[str], text: str, *, start: bool = False) -> str:
    found = pattern.match(text) if start else pattern.search(text)
    return found[1] if found else ""
