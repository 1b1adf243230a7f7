"""Runs the application under uvicorn, with connections that the application may cut."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from socket import socket
from string import printable
from typing import Any
from urllib.parse import quote

from h11 import IDLE, Data, EndOfMessage, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from b1sim.odata.reply import balancer_page, common_headers
from b1sim.quirks.outage import HANG_UP

_CLOSING_SECONDS = 0.3
# Everything that stays as it is; the request's own percent signs among it.
_ASCII = printable


class CuttableProtocol(H11Protocol):
    """An HTTP connection that offers the application to close it without an answer."""

    def connection_made(self, transport: Any) -> None:
        """Offer the cut on this connection to every request that comes over it."""
        super().connection_made(transport)
        self.app: Any = _offering(self.app, transport)

    def data_received(self, data: bytes) -> None:
        """Take a request line with letters beyond ASCII, as curl sends and Apache reads them."""
        if self.conn.their_state is IDLE and not data.isascii():
            line, mark, rest = data.partition(b"\r\n")
            data = quote(line, safe=_ASCII).encode() + mark + rest
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP with Apache's page and not with uvicorn's line (guess: text)."""
        del msg
        sentence = "Your browser sent a request that this server could not understand."
        page = balancer_page(HTTPStatus.BAD_REQUEST, sentence)
        headers = [*common_headers(page, secure=False, kept_open=False), *page.headers]
        head = Response(
            status_code=page.status, headers=headers, reason=HTTPStatus.BAD_REQUEST.phrase
        )
        for event in (head, Data(data=page.body), EndOfMessage()):
            self.transport.write(self.conn.send(event))
        self.transport.close()

    def shutdown(self) -> None:
        """Close; a TLS client that keeps an idle connection would hold the server up."""
        super().shutdown()
        if self.transport.is_closing():
            asyncio.get_running_loop().call_later(_CLOSING_SECONDS, self.transport.abort)


def _offering(app: Any, transport: Any) -> ASGIApp:
    async def with_cut(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[HANG_UP] = transport.abort
        await app(scope, receive, send)

    return with_cut


class AnnouncingServer(Server):
    """A server that says when it listens, so that who started it need not guess."""

    def __init__(self, config: Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen, then announce."""
        await super().startup(sockets)
        if self.started:
            self._announce()


def server_for(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    announce: Callable[[], None],
    files: tuple[Path, Path] | None = None,
) -> Server:
    """Build a quiet server with one worker; `files` are the key and certificate of TLS."""
    key_file, cert_file = files or (None, None)
    return AnnouncingServer(
        Config(
            app,
            host=host,
            port=port,
            http=CuttableProtocol,
            ws="none",
            ssl_keyfile=key_file,
            ssl_certfile=cert_file,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=3,
        ),
        announce,
    )
