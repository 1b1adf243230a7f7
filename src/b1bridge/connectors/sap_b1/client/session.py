"""One login for all calls: single flight, cookies by hand, and no hammering after a refusal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client.sap_errors import SESSION_ENDED, SapError, sap_error_of
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import BridgeError, ConnectionBroken, Transient
from b1bridge.sdk import exact_json
from b1bridge.sdk.http import exchange

_SESSION = "B1SESSION"
_ROUTE = "ROUTEID"
# Rejected logins take SAP 10 to 13 s each and may lock the user (sap-service-layer.md 2).
REFUSAL_IS_REMEMBERED = 300.0


class Session:
    """The session of one event loop.

    `login` counts the logins, so that a caller can say which one it saw ending.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        settings: ClientSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # SAP's session cookie has no Path and a dangling semicolon; jars lose such cookies.
        http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._http = http
        self._settings = settings
        self._clock = clock
        self._cookies: dict[str, str] = {}
        self._flight: asyncio.Task[None] | None = None
        self._refused: tuple[float, str] | None = None
        self.login = 0

    async def cookie(self) -> str:
        """Return the Cookie header, after a first login if there was none."""
        if _SESSION not in self._cookies:
            await self.renew(self.login)
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    async def renew(self, ended: int) -> None:
        """Log in, unless somebody did since the login that the caller saw ending."""
        if ended != self.login:
            return
        if self._flight is None:
            self._flight = asyncio.create_task(self._log_in(), name="SAP login")
            self._flight.add_done_callback(self._landed)
        await asyncio.shield(self._flight)

    def note(self, response: httpx.Response) -> None:
        """Follow the balancer's choice of a node; leave that node when it failed."""
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.leave_node()
            return
        route = cookies_of(response).get(_ROUTE)
        if route and _SESSION in self._cookies:
            self._cookies[_ROUTE] = route

    def leave_node(self) -> None:
        """Let the balancer choose another node; the session itself is shared by all (2)."""
        self._cookies.pop(_ROUTE, None)

    async def close(self) -> None:
        """Log out; a server that is gone has forgotten us anyway."""
        if _SESSION not in self._cookies:
            return
        headers = {"Cookie": await self.cookie()}
        self._cookies.clear()
        try:
            await exchange(
                self._http,
                self._http.build_request(
                    "POST",
                    self._url("Logout"),
                    headers=headers,
                    timeout=self._settings.connect_timeout,
                ),
                system=SYSTEM,
                read=True,
            )
        except BridgeError:
            return

    async def _log_in(self) -> None:
        self._raise_remembered_refusal()
        response = await self._ask_for_a_session()
        if response.is_success:
            self._cookies = _session_of(response)
            self.login += 1
            return
        error = login_error(sap_error_of(response), response)
        if isinstance(error, ConnectionBroken):
            self._refused = (self._clock(), str(error))
        raise error

    async def _ask_for_a_session(self) -> httpx.Response:
        settings = self._settings
        timeout = httpx.Timeout(settings.login_timeout, connect=settings.connect_timeout)
        request = self._http.build_request(
            "POST",
            self._url("Login"),
            content=exact_json.dumps(_credentials(settings)).encode(),
            headers={"Content-Type": "application/json"},
            timeout=timeout,
        )
        return await exchange(self._http, request, system=SYSTEM, read=True)

    def _raise_remembered_refusal(self) -> None:
        if self._refused is None:
            return
        since, said = self._refused
        if self._clock() - since < REFUSAL_IS_REMEMBERED:
            raise ConnectionBroken(said, system=SYSTEM)
        self._refused = None

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # noted here, so that a flight nobody waits for is no warning

    def _url(self, path: str) -> str:
        return self._settings.service_root + path


def cookies_of(response: httpx.Response) -> dict[str, str]:
    """Read Set-Cookie by hand: the text up to the first semicolon."""
    pairs = (text.partition(";")[0] for text in response.headers.get_list("set-cookie"))
    split = (pair.partition("=") for pair in pairs)
    return {name.strip(): value.strip() for name, equals, value in split if equals}


def is_over(response: httpx.Response) -> bool:
    """Tell whether the answer means that our session has ended; the request was not executed."""
    if response.is_success:
        return False
    said = sap_error_of(response)
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        return said.code in {SESSION_ENDED, ""}
    return said.ends_the_session


def login_error(said: SapError, response: httpx.Response) -> BridgeError:
    """Decide what a refused login means; only a server in trouble is worth another try."""
    status = response.status_code
    message = f"{SYSTEM}: {said.text} ({said.code or f'HTTP {status}'})"
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Transient(f"{message}; the login did not get through", system=SYSTEM, code=said.code)
    fix = (
        "free a licence or end sessions in SAP"
        if is_about_licences(said.text)
        else "correct company database, user or password; SAP does not tell which of them is wrong"
    )
    text = f"{message}: the login was refused; {fix}"
    return ConnectionBroken(text, system=SYSTEM, code=said.code or str(status))


def is_about_licences(text: str) -> bool:
    """Guess from the text: no code for exhausted licences was ever recorded."""
    return "licen" in text.casefold() or "maximum number" in text.casefold()


def _session_of(response: httpx.Response) -> dict[str, str]:
    found = {name: value for name, value in cookies_of(response).items() if name in _COOKIES}
    if found.get(_SESSION):
        return found
    msg = f"{SYSTEM}: the login was accepted and no session came with it; is this a Service Layer?"
    raise ConnectionBroken(msg, system=SYSTEM)


_COOKIES = frozenset({_SESSION, _ROUTE})


def _credentials(settings: ClientSettings) -> dict[str, Any]:
    credentials: dict[str, Any] = {
        "CompanyDB": settings.company_db,
        "UserName": settings.user,
        "Password": settings.password.get_secret_value(),
    }
    if settings.language is not None:
        credentials["Language"] = settings.language
    return credentials
