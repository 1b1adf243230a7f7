"""HEAD, OPTIONS and the `Allow` header, which belong to an address and not to one route."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from fastapi import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def allowed(request: Request) -> str:
    """Return what `Allow` says of the request's address: every method that some route takes."""
    found = [method for method in _METHODS if _takes(request, method)]
    return ", ".join([*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"])


def options(request: Request) -> Response:
    """Answer OPTIONS; there is nothing to say of other origins: a token belongs on no web page."""
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": allowed(request)})


def _takes(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    matches: list[Callable[[Scope], tuple[Match, Scope]]] = [
        route.matches for route in request.app.router.routes
    ]
    return any(match(scope)[0] is Match.FULL for match in matches)


class HeadIsGet:
    """Answers HEAD as GET without its body, as RFC 9110 9.3.2 asks; FastAPI alone answers 405."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, without_body)
