"""Stands in front of a real Service Layer, passes everything on, and listens."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from http import HTTPStatus
from itertools import count

import httpx
from starlette.types import Receive, Scope, Send

from b1sim.quirks.outage import hang_up
from b1sim.recording.exchange import Exchange, Message
from b1sim.recording.tape import Heard, Tape

# They speak of one connection only (RFC 9110, 7.6.1); the recorder has two.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"}
)
Headers = list[tuple[str, str]]


class ClientGone(Exception):
    """The client left before its request was whole."""


class Recorder:
    """The recording proxy as an ASGI application; bodies stream through in both directions."""

    def __init__(
        self,
        upstream: str,
        line: httpx.AsyncClient,
        tape: Tape,
        clock: Callable[[], datetime],
    ) -> None:
        self._upstream = httpx.URL(upstream)
        self._line = line
        self._tape = tape
        self._clock = clock
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and write down what was said."""
        if scope["type"] != "http":
            return
        began, at, number = time.monotonic(), self._clock(), next(self._numbers)
        asked, heard = Heard(_headers(scope["headers"])), Heard()
        passing = _Passing(scope, receive, send, asked, heard)
        trouble = "cut short when the recorder stopped"
        try:
            trouble = await self._pass_on(passing)
        except asyncio.CancelledError:
            self._tape.write(self._exchange(passing, number, at, began, trouble), asked, heard)
            raise
        exchange = self._exchange(passing, number, at, began, trouble)
        await asyncio.to_thread(self._tape.write, exchange, asked, heard)
        if trouble:
            await passing.end_in_trouble(trouble)

    async def _pass_on(self, passing: "_Passing") -> str:
        """Return what went wrong, or nothing."""
        target = passing.target()
        url = self._upstream.copy_with(raw_path=target.encode("latin-1"))
        request = httpx.Request(
            passing.scope["method"],
            url,
            headers=_passed_on(passing.asked.headers),
            content=passing.body() if passing.has_body() else None,
        )
        try:
            reply = await self._line.send(request, stream=True)
            try:
                await passing.answer(reply)
            finally:
                await reply.aclose()
        except (httpx.HTTPError, ClientGone) as error:
            return f"{type(error).__name__}: {error}"
        return ""

    def _exchange(
        self, passing: "_Passing", number: int, at: datetime, began: float, trouble: str
    ) -> Exchange:
        return Exchange(
            number=number,
            at=at,
            seconds=round(time.monotonic() - began, 6),
            method=passing.scope["method"],
            target=passing.target(),
            request=Message(),
            status=passing.status,
            reply=Message(),
            trouble=trouble,
        )


class _Passing:
    """One request on its way through."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, asked: Heard, heard: Heard
    ) -> None:
        self.scope = scope
        self.asked = asked
        self.heard = heard
        self.status = 0
        self._receive = receive
        self._send = send

    def target(self) -> str:
        """Return path and query as they came."""
        query = self.scope["query_string"].decode("latin-1")
        path: str = self.scope["raw_path"].decode("latin-1")
        return f"{path}?{query}" if query else path

    def has_body(self) -> bool:
        """Tell whether a body comes with the request."""
        names = {name.lower() for name, _ in self.asked.headers}
        return bool(names & {"content-length", "transfer-encoding"})

    async def body(self) -> AsyncIterator[bytes]:
        """Stream the request's body on, and listen."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            piece = message.get("body", b"")
            self.asked.hear(piece)
            more = message.get("more_body", False)
            if piece:
                yield piece

    async def answer(self, reply: httpx.Response) -> None:
        """Stream the answer back, and listen."""
        self.heard.headers = _headers(reply.headers.raw)
        self.status = reply.status_code
        await self._start(reply.status_code, self.heard.headers)
        async for piece in reply.aiter_raw():
            self.heard.hear(piece)
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})

    async def end_in_trouble(self, trouble: str) -> None:
        """Say 502 where nothing was answered yet, else close the connection as upstream did."""
        if self.status:
            await hang_up(self.scope, self._receive)
            return
        text = f"b1sim record: Service Layer gave no answer ({trouble})\n".encode()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))]
        await self._start(HTTPStatus.BAD_GATEWAY, headers)
        await self._send({"type": "http.response.body", "body": text})

    async def _start(self, status: int, headers: Headers) -> None:
        kept = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in _without_hops(headers)]
        await self._send({"type": "http.response.start", "status": status, "headers": kept})


def _headers(raw: list[tuple[bytes, bytes]]) -> Headers:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]


def _without_hops(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]


def _passed_on(headers: Headers) -> Headers:
    """Ask for plain bodies: a compressed one could not be redacted."""
    kept = [(n, v) for n, v in _without_hops(headers) if n.lower() != "accept-encoding"]
    return [*kept, ("Accept-Encoding", "identity")]
