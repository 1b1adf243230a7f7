"""Holds every exchange against the published contract, and fails loudly where it breaks it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .answers import answer
from .contract import Contract


class Checked:
    """Wraps the API; a violation is recorded and answered with 500 and its text."""

    def __init__(self, app: ASGIApp, contract: Contract, prefix: str, seen: list[str]) -> None:
        self._app = app
        self._contract = contract
        self._prefix = prefix
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        path, query = scope["path"].removeprefix(self._prefix), scope["query_string"].decode()
        wrong = self._contract.request_violations(request.method, path, query, body)
        response = None if wrong else await _answer_of(self._app, scope, body)
        if response is not None:
            wrong = self._contract.answer_violations(
                request.method,
                path,
                response.status_code,
                response.headers.get("content-type", ""),
                bytes(response.body),
            )
        self._seen += wrong
        if response is None or wrong:
            response = answer({"title": "; ".join(wrong), "violations": wrong}, 500)
        await response(scope, receive, send)


async def _answer_of(app: ASGIApp, scope: Scope, body: bytes) -> Response:
    """Ask the app with the whole body in hand, and collect its whole answer."""
    response = Response()
    chunks: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            response.status_code = message["status"]
            response.raw_headers = list(message["headers"])
        else:
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    response.body = b"".join(chunks)
    return response
