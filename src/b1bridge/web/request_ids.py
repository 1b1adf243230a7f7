"""Gives every request an id that its answer, its problem document and the log can be found by."""

from __future__ import annotations

import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-Id"
_KEY = "b1bridge.request_id"
_SAFE = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def request_id_of(scope: Scope) -> str:
    """Return the id of a request; the caller's own where it sent a sound one."""
    if _KEY not in scope:
        sent = Headers(scope=scope).get(HEADER, "")
        scope[_KEY] = sent if _SAFE.fullmatch(sent) else uuid.uuid4().hex
    return str(scope[_KEY])


class RequestIds:
    """Puts the id of each request on its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self._app(scope, receive, marked)
