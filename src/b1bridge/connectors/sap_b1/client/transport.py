"""The road that every call takes: gate, session, node, and back, with each trouble noted once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from b1bridge.connectors.sap_b1.client.access import Access
from b1bridge.connectors.sap_b1.client.breaker import Breaker
from b1bridge.connectors.sap_b1.client.cookies import SavedSession
from b1bridge.connectors.sap_b1.client.gate import Gate, Turn
from b1bridge.connectors.sap_b1.client.hooks import Call, Hooks
from b1bridge.connectors.sap_b1.client.pace import Pace
from b1bridge.connectors.sap_b1.client.pool import Pool
from b1bridge.connectors.sap_b1.client.sap_errors import sap_error_of
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import BridgeError, ConnectionBroken, OutcomeUnknown, Transient
from b1bridge.sdk.http import exchange

_NOBODY_AT_WORK = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
_TOO_MUCH = _NOBODY_AT_WORK | {HTTPStatus.TOO_MANY_REQUESTS}
_LOCKED = "-2039"
# A line that SAP's Apache closed for being idle fails as soon as it is used; B1SLayer 21 and 57.
_CUT = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError)


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on and who stops us: hooks, and a breaker where there is no engine with one."""

    hooks: Hooks
    breaker: Breaker | None


class Transport:
    """Gate and sessions of one event loop."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        settings: ClientSettings,
        make: Callable[[SavedSession | None], Access],
        watch: Watch,
        resumed: Sequence[SavedSession] = (),
    ) -> None:
        self._http = http
        self._watch = watch
        self._pace = Pace(settings.calls_per_second)
        self.gate = Gate(settings.concurrency)
        self.pool = Pool(
            lambda: make(None),
            settings.sessions,
            resumed=[make(saved) for saved in resumed],
            widened=self.gate.widened,
        )

    async def send(self, request: httpx.Request, *, read: bool) -> httpx.Response:
        """Send in the least busy session; one that SAP does not renew makes way for another."""
        async with self.gate.turn(_kind(request)) as turn:
            if self._watch.breaker:
                self._watch.breaker.check()
            while True:
                with self.pool.lent() as access:
                    try:
                        return await self._let_in(access, turn, request, read=read)
                    except ConnectionBroken:
                        if access.is_open or not self.pool.retire(access):
                            raise

    async def _let_in(
        self, access: Access, turn: Turn, request: httpx.Request, *, read: bool
    ) -> httpx.Response:
        """Send; when the session has ended, log in once and send once more.

        The second sending is safe for a POST too: SAP did not execute the first (3.3).
        """
        for can_renew in (True, False):
            with self._logging_in():
                request.headers.update(await access.headers())
            login = access.login
            response = await self._watched(access, turn, request, read=read)
            if not access.has_ended(response):
                return response
            if can_renew:
                with self._logging_in():
                    await access.renew(login)
        raise access.shut_out(request.url.path)

    async def _watched(
        self, access: Access, turn: Turn, request: httpx.Request, *, read: bool
    ) -> httpx.Response:
        hooks = self._watch.hooks
        await self._pace.keep()
        call = Call(request.method, request.url.path, len(request.content))
        hooks.before(call)
        began = time.monotonic()
        turn.sent()
        try:
            response = await self._exchange(request, read=read)
        except BridgeError as error:
            self._note_failure(access, turn, error)
            hooks.failed(call, error, time.monotonic() - began)
            raise
        self._note(access, turn, response)
        hooks.after(call, response.status_code, time.monotonic() - began)
        return response

    @contextmanager
    def _logging_in(self) -> Iterator[None]:
        """Let the breaker know of a login that found nobody at work."""
        try:
            yield
        except Transient:
            if self._watch.breaker:
                self._watch.breaker.failed()
            raise

    async def _exchange(self, request: httpx.Request, *, read: bool) -> httpx.Response:
        """Send; a read that met a line cut while idle is sent once more, on another line."""
        try:
            return await exchange(self._http, request, system=SYSTEM, read=read)
        except Transient as error:
            if not (read and isinstance(error.__cause__, _CUT)):
                raise
        return await exchange(self._http, request, system=SYSTEM, read=read)

    def _note_failure(self, access: Access, turn: Turn, error: BridgeError) -> None:
        if not isinstance(error, (Transient, OutcomeUnknown)):
            return
        access.leave_node()
        turn.overloaded()
        if self._watch.breaker:
            self._watch.breaker.failed()

    def _note(self, access: Access, turn: Turn, response: httpx.Response) -> None:
        access.note(response)
        if _is_overload(response):
            turn.overloaded()
        else:
            turn.answered()
        if self._watch.breaker is None:
            return
        if response.status_code in _NOBODY_AT_WORK:
            self._watch.breaker.failed()
        else:
            self._watch.breaker.worked()


def _is_overload(response: httpx.Response) -> bool:
    """Tell whether SAP is in trouble; -2039 with 412 is a tag that did not match, no lock (5.1)."""
    status = response.status_code
    if status in _TOO_MUCH:
        return True
    return status == HTTPStatus.BAD_REQUEST and sap_error_of(response).code == _LOCKED


def _kind(request: httpx.Request) -> str:
    """Name what is alike in cost: the method and the first part of the path after the root."""
    resource = request.url.path.rpartition("/b1s/")[2].partition("/")[2]
    return f"{request.method} {resource.partition('(')[0].partition('/')[0]}"
