"""What a client asks for in headers: how long to wait, which version it means, under which key."""

from __future__ import annotations

import re
from typing import Annotated, NoReturn

from fastapi import Header

from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.settings import Settings
from b1bridge.web import problem_types
from b1bridge.web.problems import Refusal, WrongField

_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,200})"?')
_WAIT = re.compile(r"wait\s*=\s*\"?([0-9]{1,6})\"?")
_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
_OURS = re.compile(r'"([0-9]{1,9})-[0-9a-f]+"')
_NO_VERSION = 0

IdempotencyKey = Annotated[
    str | None,
    Header(description="any text that is new for each new order; kept for 30 days at least"),
]
Prefer = Annotated[
    str | None,
    Header(description="`respond-async`: answer 202 at once; `wait=N`: after N seconds at most"),
]
IfMatch = Annotated[
    str | None,
    Header(description="the ETag that the change was made from; refused if it is no longer so"),
]
IfNoneMatch = Annotated[
    str | None, Header(description="the ETag of what is known; 304 if nothing changed")
]


def key_of(sent: str | None) -> str:
    """Return the key of an Idempotency-Key header, quoted or not; empty if none was sent."""
    if sent is None:
        return ""
    found = _KEY.fullmatch(sent.strip())
    if found is None:
        _refuse("Idempotency-Key", "1 to 200 visible characters of ASCII, without quotes")
    return found[1]


def patience_of(prefer: str | None, bearer: Bearer) -> float:
    """Return how many seconds an answer may take (RFC 7240); what is not understood is ignored."""
    settings = bearer.settings
    most = settings.wait_seconds if isinstance(settings, Settings) else 0
    wishes = [wish.strip().lower() for wish in (prefer or "").split(",")]
    waits = [int(found[1]) for wish in wishes if (found := _WAIT.fullmatch(wish))]
    if waits:
        return min(float(waits[0]), most)
    return 0 if "respond-async" in wishes else most


def version_of(if_match: str | None) -> int | None:
    """Return the version that a change was made from; None where any will do.

    Only the version counts: that an order was posted meanwhile is no reason not to change it.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if _TAG.fullmatch(if_match.strip()) is None:
        _refuse("If-Match", "one ETag as it was received, or *")
    found = _OURS.fullmatch(if_match.strip())
    return int(found[1]) if found else _NO_VERSION


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Tell whether the client has this very representation (RFC 9110 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in tags or tags == ["*"]


def _refuse(header: str, expected: str) -> NoReturn:
    detail = f"the header {header} holds {expected}"
    errors = [WrongField(f"header {header}", detail)]
    raise Refusal(problem_types.INVALID_PARAMETER, detail, errors=errors)
