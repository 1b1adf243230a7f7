"""Asks a simulated Service Layer again what was asked of a real one, in the same order."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from b1sim.odata.bearer import COMPANY_ID
from b1sim.recording.differences import Difference, Headers, of_headers, of_json, of_status
from b1sim.recording.exchange import Exchange
from b1sim.recording.identities import Identities, set_of
from b1sim.recording.multipart_form import form_of

# The line of the replay makes its own.
_OF_THE_LINE = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "accept-encoding"}
)
_TARGET_LINE = re.compile(r"(?m)^(?P<verb>[A-Z]+) (?P<target>\S+)")
_BATCH_ENTRY = re.compile(r'"(?P<name>\w+)"(?P<colon>\s*:\s*)(?P<n>\d+)(?=\s*[,}])')


@dataclass(frozen=True)
class Login:
    """What the simulated company wants to be told in place of what was recorded."""

    company: str
    user: str
    password: str


class Replay:
    """One replay, which learns on its way what is called otherwise here."""

    def __init__(
        self, line: httpx.AsyncClient, login: Login, token: Callable[[], str] | None = None
    ) -> None:
        """Bearer tokens, which are not recorded, are replaced by those that `token` issues."""
        self._line = line
        self._login = login
        self._token = token
        self._identities = Identities()

    async def differences(self, exchange: Exchange) -> list[Difference]:
        """Ask one request again and tell how the answer differs."""
        recorded, found = exchange.reply, await self._line.send(self._request(exchange))
        entity_set = set_of(exchange.target)
        self._identities.learn(entity_set, _json(recorded.body), _json(found.text))
        self._identities.learn_text(recorded.header("etag"), found.headers.get("etag", ""))
        headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in found.headers.raw]
        body = _of_bodies(exchange, headers, found.text)
        return [
            *of_status(exchange.status, found.status_code),
            *of_headers(list(recorded.headers), headers),
            *body,
        ]

    def _request(self, exchange: Exchange) -> httpx.Request:
        headers = [
            (name, self._speaker(name.lower(), value, exchange))
            for name, value in exchange.request.headers
            if name.lower() not in _OF_THE_LINE
        ]
        url = self._line.base_url.copy_with(
            raw_path=self._identities.target(exchange.target).encode("latin-1", "replace")
        )
        content = self._content(exchange)
        return httpx.Request(exchange.method, url, headers=headers, content=content)

    def _speaker(self, name: str, value: str, exchange: Exchange) -> str:
        """Say who speaks in this company's terms; a token that was refused stays unknown."""
        if self._token is not None and speaks_by_token(exchange):
            if name == "authorization" and exchange.status != HTTPStatus.UNAUTHORIZED:
                return f"Bearer {self._token()}"
            if name == "x-b1-companyid":
                return COMPANY_ID
        return self._identities.text(value)

    def _content(self, exchange: Exchange) -> bytes | None:
        body = exchange.request.body
        if not body:
            return None
        if exchange.request.header("content-type").lower().startswith("multipart/mixed"):
            return self._batch(body).encode()
        sent = _json(body)
        if sent is None:
            return body.encode()
        if exchange.path.rstrip("/").endswith("/Login") and exchange.status == HTTPStatus.OK:
            sent = sent | self._credentials()
        changed = self._identities.body(set_of(exchange.target), sent)
        return json.dumps(changed, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _credentials(self) -> dict[str, str]:
        login = self._login
        return {"CompanyDB": login.company, "UserName": login.user, "Password": login.password}

    def _batch(self, body: str) -> str:
        """Rewrite a batch in place: its request lines, and the numbers in its bodies."""
        lines = _TARGET_LINE.sub(
            lambda found: f"{found['verb']} {self._identities.target(found['target'])}", body
        )
        return _BATCH_ENTRY.sub(self._batch_entry, lines)

    def _batch_entry(self, found: re.Match[str]) -> str:
        number = self._identities.body("", {found["name"]: int(found["n"])})[found["name"]]
        return f'"{found["name"]}"{found["colon"]}{number}'


def speaks_by_token(exchange: Exchange) -> bool:
    """Tell whether a request came with a bearer token."""
    return exchange.request.header("authorization").lower().startswith("bearer")


def skipped(exchange: Exchange, *, tokens: bool) -> str:
    """Tell why an exchange cannot be replayed; empty when it can."""
    if exchange.status == 0 or exchange.trouble:
        return f"no whole answer was recorded: {exchange.trouble}"
    if exchange.request.left_out:
        return "the request's body was not recorded"
    if speaks_by_token(exchange) and not tokens:
        return "bearer tokens were not recorded"
    return ""


def _of_bodies(exchange: Exchange, headers: Headers, text: str) -> Iterator[Difference]:
    recorded = exchange.reply.body
    if recorded is None:
        return
    kind = exchange.reply.header("content-type")
    if kind.lower().startswith("multipart/mixed"):
        other = next((value for name, value in headers if name.lower() == "content-type"), "")
        yield from of_json(form_of(kind, recorded), form_of(other, text))
        return
    was, now = _json(recorded), _json(text)
    if was is not None and now is not None:
        yield from of_json(was, now)
    elif bool(recorded.strip()) != bool(text.strip()) or (was is None) != (now is None):
        yield Difference("body", "", _shape(recorded, was), _shape(text, now))


def _shape(text: str, parsed: Any) -> str:
    if not text.strip():
        return "empty"
    return "no JSON" if parsed is None else "JSON"


def _json(text: str | None) -> Any:
    """Read JSON; None for anything else."""
    try:
        return json.loads(text or "")
    except ValueError:
        return None
