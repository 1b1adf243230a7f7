"""The door of the API: who asks, and whether the company can still pay for it (1.8, 1.9)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from .answers import Refused, answer, unauthorized
from .company import Company
from .ledger import Ledger
from .oauth import OAuth
from .operations import Call, Operation
from .records import Actor

_IGNORED = 10
"""So many requests after a 429 that take no notice of it are one too many (guess)."""
_LOCKED_OUT = timedelta(minutes=5)


class Gate:
    """Lets requests in, bills them, and turns away who has no token or asks too much."""

    def __init__(self, company: Company, ledger: Ledger, oauth: OAuth) -> None:
        self._company = company
        self._ledger = ledger
        self._oauth = oauth
        self._wait_until: dict[str, datetime] = {}
        self._ignored: dict[str, int] = {}
        self._locked_until: dict[str, datetime] = {}

    def routes(self, operations: list[Operation]) -> list[Route]:
        """Make the routes of all endpoints; v1 answers below both of its roots."""
        roots = {"v1": ("/v1", "/api/v1"), "v2": ("/api/v2",)}
        return [
            Route(root + one.path, self._guarded(one), methods=[one.method])
            for one in operations
            for root in roots[one.version]
        ]

    def _guarded(self, operation: Operation) -> Callable[[Request], object]:
        async def serve(request: Request) -> Response:
            token, actor = self._who(request)
            if actor is None:
                return unauthorized()
            oauth = token.startswith("oauth ")
            refusal = self._refusal(token, operation, oauth=oauth)
            if refusal is not None:
                return refusal
            self._ledger.take(
                token,
                operation.cost,
                f"{operation.method} {operation.path}",
                search=operation.is_search,
            )
            call = Call(request, await request.body(), actor)
            try:
                _check_parameters(operation, request)
                response = operation.answer(call)
                if inspect.isawaitable(response):
                    response = await response
            except Refused as refused:
                response = refused.answer()
            response.headers.update(self._headers(token, operation, oauth=oauth))
            return response

        return serve

    def _who(self, request: Request) -> tuple[str, Actor | None]:
        bearer = request.headers.get("authorization", "")
        if bearer.lower().startswith("bearer "):
            return f"oauth {bearer[7:]}", self._oauth.actor_of(bearer[7:])
        token = request.headers.get("x-api-token") or request.query_params.get("api_token", "")
        return token, self._company.actor_of(token)

    def _refusal(self, token: str, operation: Operation, *, oauth: bool) -> Response | None:
        now = self._company.clock()
        if now < self._locked_until.get(token, now):
            return _cloudflare()
        if operation.path.split("/")[1] in self._company.scopes_refused:
            return Refused(403, "Scope and URL mismatch").answer()
        if self._ledger.left < operation.cost:
            return self._too_many(token, "daily", self._ledger.until_midnight())
        if self._ledger.burst_left(token, oauth=oauth, search=operation.is_search) <= 0:
            return self._too_many(token, "burst", 2)
        self._ignored.pop(token, None)
        return None

    def _too_many(self, token: str, kind: str, wait: int) -> Response:
        now = self._company.clock()
        self._ledger.refused[kind] += 1
        if now < self._wait_until.get(token, now):
            self._ignored[token] = self._ignored.get(token, 0) + 1
        if self._ignored.get(token, 0) >= _IGNORED:
            self._locked_until[token] = now + _LOCKED_OUT
            return _cloudflare()
        self._wait_until[token] = now + timedelta(seconds=wait)
        payload = {"success": False, "error": "request over limit", "errorCode": 429}
        headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(wait)}
        return answer(payload, HTTPStatus.TOO_MANY_REQUESTS, headers)

    def _headers(self, token: str, operation: Operation, *, oauth: bool) -> dict[str, str]:
        search = operation.is_search
        limit = self._ledger.burst(oauth=oauth, search=search)
        left = self._ledger.burst_left(token, oauth=oauth, search=search)
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(max(0, left)),
            "x-ratelimit-reset": "2",
        }
        # The day's rest is told to writers with an API token alone.
        if operation.method in {"POST", "PUT"} and not oauth:
            headers["x-daily-requests-left"] = str(self._ledger.left)
        return headers


def _check_parameters(operation: Operation, request: Request) -> None:
    """Say loudly which parameter is not simulated, instead of leaving it out."""
    for name in request.query_params:
        if name not in {*operation.query, "api_token"}:
            text = f"the simulator does not know {name} of {operation.method} {operation.path}"
            raise Refused(501, text)


def _cloudflare() -> Response:
    """Turn away who hammers: not Pipedrive answers any more, and not in JSON."""
    page = "<!DOCTYPE html><html><title>Access denied</title><h1>Error 1015</h1></html>"
    return HTMLResponse(page, HTTPStatus.FORBIDDEN, {"server": "cloudflare"})
