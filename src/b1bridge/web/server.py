"""The listening socket and the HTTP server, inside an event loop that is already running."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from b1bridge.errors import NeedsOperator

_GOODBYE_SECONDS = 10
_WAITING_CALLERS = 2048


@dataclass(frozen=True, slots=True)
class Served:
    """Where an app answers; `answering` ends before it is told to only when something broke."""

    url: str
    answering: asyncio.Task[None]


def listen(host: str, port: int) -> socket.socket:
    """Take the address now, so that a port in use is told before any work starts; 0 means any."""
    try:
        return _bound(host, port)
    except OSError as exc:
        msg = f"cannot listen on {host}:{port}: {exc.strerror or exc}"
        fix = "stop what listens there, or choose another address with --host and --port"
        raise NeedsOperator(msg, reason="PORT_TAKEN", fix=fix) from exc


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # asyncio switches Nagle's delay (40 ms an answer) off only where the protocol is named.
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(_WAITING_CALLERS)
    except OSError:
        sock.close()
        raise
    return sock


@contextlib.asynccontextmanager
async def serving(app: FastAPI, sock: socket.socket) -> AsyncIterator[Served]:
    """Answer requests while the block runs; those under way at its end are finished."""
    server = _Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=_GOODBYE_SECONDS,
        )
    )
    answering = asyncio.create_task(server.serve(sockets=[sock]), name="the web server")
    try:
        yield Served(_url_of(sock), answering)
    finally:
        server.should_exit = True
        await answering


def _url_of(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """A server that leaves signals alone: the process stops its worker as well, in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield
