"""The ASGI application: the balancer's door before one Service Layer (sap-service-layer.md 1)."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from b1sim.company.company import Company
from b1sim.odata.apache import compress, headers_of, path_of, turned_away
from b1sim.odata.bearer import TOKEN_PATH, Iam
from b1sim.odata.ping import ping_reply
from b1sim.odata.reply import Reply, balancer_page, common_headers, secured
from b1sim.odata.request import Request
from b1sim.odata.service import ServiceLayer
from b1sim.odata.sessions import Sessions
from b1sim.odata.versions import VERSIONS
from b1sim.odata.wire_quirks import WireQuirks
from b1sim.quirks.control import control_app
from b1sim.quirks.outage import hang_up
from b1sim.quirks.passage import Passage, Sleep, unavailable_page
from b1sim.quirks.trouble import Trouble
from b1sim.webhooks.messenger import Messenger

Clock = Callable[[], datetime]
# Apache accepts doubled slashes; the path is still percent-encoded here.
_ROOT = re.compile(r"/+b1s/+(?P<version>v[12])(?:/+(?P<path>.*))?", re.DOTALL)
# SAP names this limit for attachments (3.2); that it holds for every body is a guess.
_LARGEST = 50 * 1024 * 1024
_PING = re.compile(r"/+ping(?:/+(?P<path>.*))?")


def create_app(  # noqa: PLR0913 - the parts of a server, each by name
    company: Company,
    *,
    quirks: WireQuirks | None = None,
    trouble: Trouble | None = None,
    control: bool = False,
    clock: Clock | None = None,
    sleep: Sleep = asyncio.sleep,
    iam: Iam | None = None,
    nodes: int = 1,
    messenger: Messenger | None = None,
) -> Starlette:
    """Build the application; `/control` exists only where asked for.

    `trouble` brings its own nodes; `sleep` is how requests take their time;
    with `iam` bearer tokens count and its token endpoint is there. The messenger of webhooks runs
    as long as the server does.
    """
    now = clock or _utc_now
    quirks, trouble = quirks or WireQuirks(), trouble or Trouble(clock=now, nodes=nodes)
    service = ServiceLayer(company, Sessions(now, quirks, iam), quirks)
    messenger = messenger or Messenger(company)
    passage = Passage(service, trouble, messenger, sleep)
    routes = [Mount("/control", app=control_app(service, trouble))] if control else []
    app = Starlette(routes=routes, lifespan=partial(_running, messenger))
    # Starlette's own routes know no line ends in a path, and a key may have one.
    app.router.default = Door(passage, trouble, quirks, iam)
    app.state.service, app.state.trouble = service, trouble
    return app


@asynccontextmanager
async def _running(messenger: Messenger, _: Starlette) -> AsyncIterator[None]:
    task = asyncio.create_task(messenger.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Door:
    """Takes requests from the wire, lets trouble happen to them, and sends the answers."""

    def __init__(
        self, passage: Passage, trouble: Trouble, quirks: WireQuirks, iam: Iam | None
    ) -> None:
        self._passage = passage
        self._quirks = quirks
        self._trouble = trouble
        self._iam = iam

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        headers = headers_of(scope["headers"])
        if self._trouble.outage.lasts(self._trouble.clock()):
            reply = await self._away(scope, receive)
        else:
            reply = await self._reply(scope, receive, headers)
        if reply is None:
            return
        over_tls = scope["scheme"] == "https"
        own = secured(reply.headers) if self._quirks.secure_cookies else reply.headers
        kept_open = _stays_open(scope, headers)
        reply.headers = [*common_headers(reply, secure=over_tls, kept_open=kept_open), *own]
        if self._quirks.compression:
            compress(reply, headers)
        await reply(scope, receive, send)

    async def _away(self, scope: Scope, receive: Receive) -> Reply | None:
        if self._trouble.outage.mode == "refused":
            await hang_up(scope, receive, accepted=False)
            return None
        return unavailable_page()

    async def _reply(self, scope: Scope, receive: Receive, headers: dict[str, str]) -> Reply | None:
        raw = _raw_path(scope)
        if refused := turned_away(scope, raw):
            return refused
        if found := _ROOT.fullmatch(raw):
            return await self._service_layer(scope, receive, headers, found)
        if found := _PING.fullmatch(raw):
            up = self._trouble.balancer.up()
            return ping_reply(found["path"] or "", self._trouble.clock(), up)
        if self._iam is not None and (scope["method"], raw) == ("POST", TOKEN_PATH):
            return self._iam.token_reply(headers, await _body(receive), self._trouble.clock())
        return balancer_page(
            HTTPStatus.NOT_FOUND, "The requested URL was not found on this server."
        )

    async def _service_layer(
        self, scope: Scope, receive: Receive, headers: dict[str, str], found: re.Match[str]
    ) -> Reply | None:
        if self._quirks.session_header and (session := headers.get("sessionid")):
            headers = headers | {"cookie": f"B1SESSION={session}"}
        # Apache breaks on Expect before it reads a body; reading would invite the client to send.
        body = b"" if "expect" in headers else await _body(receive)
        if len(body) > _LARGEST:
            sentence = "The amount of data provided in the request exceeds the capacity limit."
            return balancer_page(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)
        return await self._passage.reply(_request(scope, body, headers, found), scope, receive)


def _raw_path(scope: Scope) -> str:
    raw = scope.get("raw_path")
    return path_of(raw.decode("latin-1")) if raw else quote(scope["path"])


def _stays_open(scope: Scope, headers: Mapping[str, str]) -> bool:
    asked = headers.get("connection", "").lower()
    return asked != "close" and scope.get("http_version") != "1.0"


def _request(scope: Scope, body: bytes, headers: dict[str, str], found: re.Match[str]) -> Request:
    host = headers.get("host", "localhost:50000")
    return Request(
        # Guess: Apache hands a HEAD on as a GET and keeps the body to itself.
        method="GET" if scope["method"] == "HEAD" else scope["method"],
        version=VERSIONS[found["version"]],
        path=found["path"] or "",
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        origin=f"{scope['scheme']}://{host}",
    )


async def _body(receive: Receive) -> bytes:
    """Read what was sent; of more than SAP takes, no more than shows that it is too much."""
    pieces, size, more = [], 0, True
    while more:
        message = await receive()
        piece = message.get("body", b"")
        size += len(piece)
        if size <= _LARGEST + len(piece):
            pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces)
