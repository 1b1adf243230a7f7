"""The door of the API: token, scopes and quota, before any endpoint is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .answers import v2_error, v3_error
from .store import Store

WINDOW = timedelta(seconds=30)

# Which OAuth scope an endpoint needs; longest match wins (storefronts.md 1.1, names abbreviated).
_SCOPES = {
    "/v2/orders": "orders",
    "/v3/orders": "transactions",
    "/v3/customers": "customers",
    "/v3/inventory": "inventory",
    "/v3/catalog": "products",
    "/v2/store": "information",
}


class Quota:
    """So many requests in each window of 30 s, shared by all; None means no limit."""

    def __init__(self, quota: int | None, clock: Callable[[], datetime]) -> None:
        self.quota = quota
        self._clock = clock
        self._ends = clock()
        self._left = 0
        self.refused = 0

    def take(self) -> bool:
        """Count one request; False when the window is used up."""
        if self.quota is None:
            return True
        if self._clock() >= self._ends:
            self._ends, self._left = self._clock() + WINDOW, self.quota
        if self._left == 0:
            self.refused += 1
            return False
        self._left -= 1
        return True

    def headers(self) -> dict[str, str]:
        """Return the headers as recorded; a store without a limit sends none."""
        if self.quota is None:
            return {}
        reset = max(0, int((self._ends - self._clock()).total_seconds() * 1000))
        return {
            "x-rate-limit-requests-quota": str(self.quota),
            "x-rate-limit-requests-left": str(self._left),
            "x-rate-limit-time-window-ms": str(int(WINDOW.total_seconds() * 1000)),
            "x-rate-limit-time-reset-ms": str(reset),
        }


class Gate:
    """Lets in who has the token and the scope, as long as the quota lasts."""

    def __init__(self, app: ASGIApp, store: Store, quota: Quota) -> None:
        self._app = app
        self._store = store
        self._quota = quota

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one exchange."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(Request(scope))
        headers = self._quota.headers()
        if "/v2/" in scope["path"]:
            headers |= {"x-bc-apilimit-remaining": "20000", "x-bc-store-version": "7.6.0"}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(k.encode(), v.encode()) for k, v in headers.items()]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await (refusal or self._app)(scope, receive, with_headers)

    def _refusal(self, request: Request) -> Response | None:
        path = request.url.path.removeprefix(f"/stores/{self._store.store_hash}")
        refuse = v2_error if path.startswith("/v2/") else v3_error
        if request.headers.get("x-auth-token") != self._store.access_token:
            return refuse(401, "X-Auth-Token header is required")
        if not self._quota.take():
            return refuse(429, "Too many requests")
        needed = next((s for prefix, s in _SCOPES.items() if path.startswith(prefix)), "")
        if needed in self._store.scopes_refused:
            return refuse(403, "You don't have a required scope to access the endpoint")
        return None
