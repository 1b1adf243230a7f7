"""How a connector opens its line: time-outs, pool, name, and a limit on what it will swallow."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from importlib.metadata import version

import httpx

from b1bridge.errors import ContractBroken, OutcomeUnknown
from b1bridge.sdk.per_loop import PerLoop
from b1bridge.sdk.replies import is_read, no_answer

MAX_REPLY_BYTES = 64 * 1024 * 1024
TOO_MUCH = "too much"
"""The code of an answer that is longer than we will swallow."""
_KEEP_ALIVE_SECONDS = (
    4.0  # Apache in front of SAP closes idle lines after 5 (sap-service-layer.md 1)
)

Dial = Callable[[], Awaitable[httpx.AsyncBaseTransport]]


def open_client(
    base_url: str,
    *,
    connect: float = 10.0,
    read: float = 60.0,
    connections: int = 8,
    trust: ssl.SSLContext | None = None,
    dial: Dial | None = None,
) -> httpx.AsyncClient:
    """Open a client; times in seconds. `dial` makes the transport when it needs the network."""
    limits = httpx.Limits(
        max_connections=connections,
        max_keepalive_connections=connections,
        keepalive_expiry=_KEEP_ALIVE_SECONDS,
    )

    async def plain() -> httpx.AsyncBaseTransport:
        return httpx.AsyncHTTPTransport(verify=trust or True, limits=limits)

    return httpx.AsyncClient(
        base_url=base_url,
        timeout=httpx.Timeout(read, connect=connect, pool=None),
        headers={"User-Agent": f"b1bridge/{version('b1bridge')}", "Accept": "application/json"},
        follow_redirects=False,
        transport=_LoopTransport(dial or plain),
    )


async def exchange(
    http: httpx.AsyncClient,
    request: httpx.Request,
    *,
    system: str,
    read: bool | None = None,
    max_bytes: int = MAX_REPLY_BYTES,
) -> httpx.Response:
    """Send one request and read its whole answer; a broken exchange becomes a decision."""
    try:
        response = await http.send(request, stream=True)
        try:
            content = await _within(response, max_bytes)
        finally:
            await response.aclose()
    except httpx.RequestError as exc:
        raise no_answer(request, exc, system=system, read=read) from exc
    if content is None:
        raise _too_much(request, max_bytes, system=system, read=read)
    return _whole(response, content)


async def _within(response: httpx.Response, max_bytes: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > max_bytes:
            return None
        parts.append(part)
    return b"".join(parts)


def _too_much(
    request: httpx.Request, max_bytes: int, *, system: str, read: bool | None
) -> ContractBroken | OutcomeUnknown:
    kind = ContractBroken if is_read(request, read=read) else OutcomeUnknown
    msg = f"{system} answered {request.method} {request.url.path} with more than {max_bytes} bytes"
    return kind(msg, system=system, code=TOO_MUCH)


def _whole(response: httpx.Response, content: bytes) -> httpx.Response:
    """Return the answer as if it had been read in one go; its body is already decoded."""
    headers = [
        (name, value)
        for name, value in response.headers.multi_items()
        if name not in {"content-encoding", "transfer-encoding", "content-length"}
    ]
    return httpx.Response(
        response.status_code, headers=headers, content=content, request=response.request
    )


class _LoopTransport(httpx.AsyncBaseTransport):
    """Dials once per event loop, at the first request."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._lines: PerLoop[list[httpx.AsyncBaseTransport]] = PerLoop(list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        lines = self._lines.here()
        if not lines:
            made = await self._dial()
            if lines:  # another request dialled while we did
                await made.aclose()
            else:
                lines.append(made)
        return await lines[0].handle_async_request(request)

    async def aclose(self) -> None:
        for line in self._lines.taken() or ():
            await line.aclose()
