"""Talks to the Service Layer: sessions, a gate, exact numbers, and its way of saying no."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client.access import Access
from b1bridge.connectors.sap_b1.client.batch import Batch, written
from b1bridge.connectors.sap_b1.client.batch_reply import read_reply
from b1bridge.connectors.sap_b1.client.batch_result import BatchResult, result_of
from b1bridge.connectors.sap_b1.client.bearer import BearerAccess, BearerToken
from b1bridge.connectors.sap_b1.client.breaker import Breaker
from b1bridge.connectors.sap_b1.client.cookies import SavedSession
from b1bridge.connectors.sap_b1.client.hooks import Hooks
from b1bridge.connectors.sap_b1.client.odata import Filter, query
from b1bridge.connectors.sap_b1.client.ping import ping
from b1bridge.connectors.sap_b1.client.refusals import refusal_of
from b1bridge.connectors.sap_b1.client.session import Session
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.spelling import (
    Version,
    as_sent,
    in_one_spelling,
    name_as_sent,
)
from b1bridge.connectors.sap_b1.client.transport import Transport, Watch
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken
from b1bridge.sdk import exact_json
from b1bridge.sdk.evidence import evidence
from b1bridge.sdk.per_loop import PerLoop
from b1bridge.sdk.reading import read_json

ANY_CASE: Mapping[str, str] = MappingProxyType({"B1S-CaseInsensitive": "true"})
"""HANA compares case-sensitively unless told otherwise (sap-service-layer.md 4.2)."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_COUNT: Mapping[Version, str] = MappingProxyType(
    {"v1": "&$inlinecount=allpages", "v2": "&$count=true"}
)
# The slowest document of SAP's own test took so many seconds on average (10).
_MORE = 20.0


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, whether SAP has more, and how many in all where that was asked."""

    rows: list[dict[str, Any]]
    more: bool
    count: int | None = None


class ServiceLayer:
    """One company, reached through sessions that renew themselves, or with a bearer token.

    `resumed` are sessions that another process opened. A breaker is for whoever has no engine.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        settings: ClientSettings,
        *,
        bearer: Callable[[], BearerToken] | None = None,
        hooks: Hooks | None = None,
        breaker: Breaker | None = None,
        resumed: Sequence[SavedSession] = (),
    ) -> None:
        if not (bearer or settings.has_login):
            msg = "give company_db, user and password to log in with, or a bearer token"
            raise ValueError(msg)
        self._http = http
        self._settings = settings
        self._bearer = bearer
        self._watch = Watch(hooks or Hooks(), breaker)
        self._resumed = tuple(resumed)
        self._roads = PerLoop(self._new_road)

    async def rows(
        self,
        entity_set: str,
        *,
        select: Sequence[str],
        where: Filter | None = None,
        order_by: str | Sequence[str] = (),
        page_size: int = 20,
        count: bool = False,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Page:
        """Read the first page of a set; `select` is not optional, full records are 36 kB each."""
        version = self._settings.version
        names = [name_as_sent(name, entity_set, version) for name in select]
        path = f"{entity_set}?{query(select=names, where=where, order_by=order_by)}"
        if count:
            path += _COUNT[version]
        return page_of(await self.get(path, headers={**_page_size(page_size), **headers}))

    async def get(self, path: str, *, headers: Mapping[str, str] = NO_HEADERS) -> dict[str, Any]:
        """Read one path; safe to repeat."""
        return await self._call("GET", path, None, headers=headers, read=True)

    async def ask(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """POST a question that changes nothing, as SAP's services want it."""
        return await self._call("POST", path, body or {}, read=True)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Write; not safe to repeat, so callers look first (see Run.write_once)."""
        return await self._call("POST", path, body or {}, read=False)

    async def send_batch(self, batch: Batch, *, seconds: float | None = None) -> BatchResult:
        """Send many operations at once; return what became of each.

        Raises only where nothing is known of any: refused as a whole, or the reply was lost
        (OutcomeUnknown). It may take `seconds`, or else as long as a document, and more for each.
        """
        if not batch.operations:
            return BatchResult({})
        kind, body = written(batch, self._settings.version)
        response = await self.call(
            "POST",
            "$batch",
            body,
            read=batch.writes == 0,
            headers={"Content-Type": kind},
            seconds=seconds or self._settings.document_timeout + _MORE * len(batch.operations),
        )
        return result_of(
            batch, read_reply(response.headers.get("Content-Type", ""), response.content)
        )

    async def ping(self, node: int | None = None) -> str:
        """Return who answers, the balancer or the node of that number; no session is needed."""
        return await ping(self._http, self._settings, node)

    async def open(self) -> None:
        """Log in now rather than with the first call."""
        for access in self._roads.here().pool.sessions():
            await access.headers()

    def saved_sessions(self) -> list[SavedSession]:
        """Return the open sessions, for another process to resume them."""
        return self._roads.here().pool.saved()

    async def close(self, *, log_out: bool = True) -> None:
        """Log out and let the next call log in again; sessions that others resumed may stay."""
        road = self._roads.taken()
        if road is not None:
            await road.pool.close(log_out=log_out)

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        read: bool,
        headers: Mapping[str, str] = NO_HEADERS,
        seconds: float | None = None,
    ) -> httpx.Response:
        """Send one request in the session; return the accepting answer with its headers.

        A body of bytes goes out as it is, and `headers` tell its Content-Type. Raises what the
        refusal means, a BridgeError. A write may take as long as a document does.
        """
        longest = seconds or (None if read else self._settings.document_timeout)
        request = self._request(method, path, body, headers, longest)
        response = await self._roads.here().send(request, read=read)
        if not response.is_success:
            raise refusal_of(response, read=read)
        return response

    async def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        read: bool,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> dict[str, Any]:
        response = await self.call(method, path, body, read=read, headers=headers)
        return object_of(response, path)

    def _request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None,
        headers: Mapping[str, str],
        seconds: float | None,
    ) -> httpx.Request:
        settings = self._settings
        wait = httpx.Timeout(
            seconds or settings.read_timeout, connect=settings.connect_timeout, pool=None
        )
        content, kind = _written(body, path, settings.version)
        return self._http.build_request(
            method,
            settings.service_root + path,
            content=content,
            headers={**kind, **headers},
            timeout=wait,
        )

    def _new_road(self) -> Transport:
        token = self._bearer() if self._bearer else None

        def access(saved: SavedSession | None) -> Access:
            if token:
                return BearerAccess(token)
            return Session(self._http, self._settings, resumed=saved)

        return Transport(self._http, self._settings, access, self._watch, self._resumed)


def page_of(body: Mapping[str, Any]) -> Page:
    """Read a page; the link to the next one has a version-dependent name."""
    rows = body.get("value")
    if not isinstance(rows, list):
        msg = f"{SYSTEM}: a list came without its rows"
        raise ContractBroken(msg, system=SYSTEM, payload=evidence(body))
    more = body.get("@odata.nextLink") or body.get("odata.nextLink")
    return Page(rows, bool(more), _count_of(body))


def _count_of(body: Mapping[str, Any]) -> int | None:
    """Read the count of either version, which came as a number and as a text (B1SLayer 93)."""
    text = str(body.get("@odata.count", body.get("odata.count", "")))
    return int(text) if text.isdecimal() else None


def _page_size(rows: int) -> dict[str, str]:
    return {"Prefer": f"odata.maxpagesize={rows}"}


def _written(
    body: Mapping[str, Any] | bytes | None, path: str, version: Version
) -> tuple[bytes | None, dict[str, str]]:
    """Write a body, and say what it is; bytes speak for themselves."""
    if body is None or isinstance(body, bytes):
        return body, {}
    text = exact_json.dumps(as_sent(body, path, version))
    return text.encode(), {"Content-Type": "application/json"}


def object_of(response: httpx.Response, path: str) -> dict[str, Any]:
    """Read the body of an answer; nothing where there is none, a bare text under `value`."""
    if response.status_code == HTTPStatus.NO_CONTENT or not response.content:
        return {}
    record = path.partition("?")[0]
    body = read_json(response.content, system=SYSTEM, record=record)
    body = in_one_spelling(response.content, body)
    if isinstance(body, dict):
        return body
    return {"value": body}  # some services answer with a bare text (11, B1SLayer 89)
