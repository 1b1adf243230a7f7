"""Runs the application under uvicorn, with connections that the application may cut."""

from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from b1sim.quirks.outage import HANG_UP


class CuttableProtocol(H11Protocol):
    """An HTTP connection that offers the application to close it without an answer."""

    def connection_made(self, transport: Any) -> None:
        """Offer the cut on this connection to every request that comes over it."""
        super().connection_made(transport)
        self.app: Any = _offering(self.app, transport)


def _offering(app: Any, transport: Any) -> ASGIApp:
    async def with_cut(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[HANG_UP] = transport.abort
        await app(scope, receive, send)

    return with_cut


def server_for(
    app: ASGIApp, host: str, port: int, *, key_file: str | None = None, cert_file: str | None = None
) -> Server:
    """Build a quiet server with one worker that names itself as Apache does, not as uvicorn."""
    return Server(
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
        )
    )
