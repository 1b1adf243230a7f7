"""A session with SAP: one login for all, renewed when it ends, and no hammering if refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client.catalogue import Explained, explain_answer
from b1bridge.connectors.sap_b1.client.cookies import SESSION, Route, SavedSession, cookies_of
from b1bridge.connectors.sap_b1.client.sap_errors import SESSION_ENDED, SapError, sap_error_of
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.single_flight import SingleFlight
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import BridgeError, ConnectionBroken, Transient
from b1bridge.sdk import exact_json
from b1bridge.sdk.http import exchange

# Rejected logins take SAP 10 to 13 s each and may lock the user (sap-service-layer.md 2).
REFUSAL_IS_REMEMBERED = 300.0
# Minutes without a request after which a session ends, unless the login tells otherwise (2).
_USUAL_MINUTES = 30.0
# A session about to end is renewed before it can end under a call.
_MARGIN = 10.0


class Session:
    """One login, kept to one node (see Access); belongs to one event loop."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        settings: ClientSettings,
        clock: Callable[[], float] = time.monotonic,
        resumed: SavedSession | None = None,
    ) -> None:
        # SAP's session cookie has no Path and a dangling semicolon; jars lose such cookies.
        http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._http = http
        self._settings = settings
        self._clock = clock
        self._flight = SingleFlight(self._log_in, "SAP login")
        self._refused: tuple[float, ConnectionBroken] | None = None
        self._id = resumed.session if resumed else ""
        self._route = Route(resumed.route if resumed else "")
        self._lasts = _USUAL_MINUTES * 60
        self._ends_at = clock() + self._lasts
        self.login = 0

    def __repr__(self) -> str:
        """Tell the node and nothing that lets anybody in."""
        return f"<Session at {self._route.node or 'no node'}, login {self.login}>"

    @property
    def is_open(self) -> bool:
        """Whether SAP gave us a session that should still live."""
        return bool(self._id)

    async def cookie(self) -> str:
        """Return the Cookie header, after a login if there is no session that can still live."""
        if self._id and self._clock() >= self._ends_at - min(_MARGIN, self._lasts / 10):
            self._id = ""
        if not self._id:
            await self.renew(self.login)
        self._ends_at = self._clock() + self._lasts
        return self._route.cookies(self._id)

    async def headers(self) -> dict[str, str]:
        """Return the Cookie header as one that a request can take."""
        return {"Cookie": await self.cookie()}

    async def renew(self, ended: int) -> None:
        """Log in, unless somebody did since the login that the caller saw ending."""
        if ended == self.login:
            await self._flight.join()

    def has_ended(self, response: httpx.Response) -> bool:
        """Tell whether the answer means that our session has ended (3.1)."""
        return is_over(response)

    def shut_out(self, path: str) -> BridgeError:
        """Call it passing: a session that ends at once again tells of a SAP in trouble."""
        msg = f"{SYSTEM}: the session ended again at once, before {path} was done"
        return Transient(msg, system=SYSTEM)

    def note(self, response: httpx.Response) -> None:
        """Keep to the node that answered, or leave it when it failed."""
        self._route.note(response)

    def leave_node(self) -> None:
        """Let the balancer choose another node."""
        self._route.leave()

    def saved(self) -> SavedSession | None:
        """Return the session for another process to go on in."""
        return SavedSession(self._id, self._route.node) if self._id else None

    async def close(self) -> None:
        """Log out; a server that is gone has forgotten us anyway."""
        if not self._id:
            return
        headers = {"Cookie": self._route.cookies(self._id)}
        self._id = ""
        request = self._http.build_request(
            "POST",
            self._url("Logout"),
            headers=headers,
            timeout=self._settings.connect_timeout,
        )
        with suppress(BridgeError):
            await exchange(self._http, request, system=SYSTEM, read=True)

    async def _log_in(self) -> None:
        self._id = ""
        self._raise_remembered_refusal()
        response = await self._ask_for_a_session()
        if not response.is_success:
            error = login_error(sap_error_of(response), response)
            if isinstance(error, ConnectionBroken):
                self._refused = (self._clock(), error)
            raise error
        self._id, minutes = _session_of(response)
        self._lasts = minutes * 60.0
        self._route.note(response)
        self.login += 1

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
        since, error = self._refused
        if self._clock() - since < REFUSAL_IS_REMEMBERED:
            raise ConnectionBroken(str(error), system=SYSTEM) from error.__cause__
        self._refused = None

    def _url(self, path: str) -> str:
        return self._settings.service_root + path


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
    error = _decided(said, response)
    error.__cause__ = Explained(said, explain_answer(response))
    return error


def _decided(said: SapError, response: httpx.Response) -> BridgeError:
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


def _session_of(response: httpx.Response) -> tuple[str, float]:
    """Return the session and its minutes; a proxy that eats cookies leaves it in the body."""
    body = _body_of(response)
    session = cookies_of(response).get(SESSION) or str(body.get("SessionId") or "")
    if not session:
        msg = f"{SYSTEM}: the login was accepted and no session came; is this a Service Layer?"
        raise ConnectionBroken(msg, system=SYSTEM)
    minutes = body.get("SessionTimeout")
    if isinstance(minutes, int) and minutes > 0:
        return session, minutes
    return session, _USUAL_MINUTES


def _body_of(response: httpx.Response) -> dict[str, Any]:
    try:
        body = exact_json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _credentials(settings: ClientSettings) -> dict[str, Any]:
    credentials: dict[str, Any] = {
        "CompanyDB": settings.company_db,
        "UserName": settings.user,
        "Password": settings.password.get_secret_value(),
    }
    if settings.language is not None:
        credentials["Language"] = settings.language
    return credentials
