"""Talks to the Service Layer: sessions, a gate, exact numbers, and its way of saying no."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client.odata import Filter, query
from b1bridge.connectors.sap_b1.client.refusals import refusal_of
from b1bridge.connectors.sap_b1.client.session import Session, is_over
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken, OutcomeUnknown, Transient
from b1bridge.sdk import exact_json
from b1bridge.sdk.evidence import evidence
from b1bridge.sdk.http import exchange
from b1bridge.sdk.per_loop import PerLoop
from b1bridge.sdk.reading import read_json

ANY_CASE: Mapping[str, str] = MappingProxyType({"B1S-CaseInsensitive": "true"})
"""HANA compares case-sensitively unless told otherwise (sap-service-layer.md 4.2)."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and whether SAP has more."""

    rows: list[dict[str, Any]]
    more: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """What belongs to one event loop: the session, and the gate that spares SAP."""

    session: Session
    gate: asyncio.Semaphore


class ServiceLayer:
    """One company, reached through one session that renews itself."""

    def __init__(self, http: httpx.AsyncClient, settings: ClientSettings) -> None:
        self._http = http
        self._settings = settings
        self._lines = PerLoop(self._new_line)

    async def rows(
        self,
        entity_set: str,
        *,
        select: Sequence[str],
        where: Filter | None = None,
        order_by: str | Sequence[str] = (),
        page_size: int = 20,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Page:
        """Read the first page of a set; `select` is not optional, full records are 36 kB each."""
        path = f"{entity_set}?{query(select=select, where=where, order_by=order_by)}"
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

    async def open(self) -> None:
        """Log in now rather than with the first call."""
        await self._lines.here().session.cookie()

    async def close(self) -> None:
        """Log out and let the next call log in again."""
        line = self._lines.taken()
        if line is not None:
            await line.session.close()

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
        response = await self._with_session(request, read=read)
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

    async def _with_session(self, request: httpx.Request, *, read: bool) -> httpx.Response:
        """Send; when the session has ended, log in once and send once more.

        The second sending is safe for a POST too: SAP did not execute the first (3.3).
        """
        session = self._lines.here().session
        for _ in range(2):
            request.headers["Cookie"] = await session.cookie()
            login = session.login
            response = await self._send(session, request, read=read)
            if not is_over(response):
                return response
            await session.renew(login)
        msg = f"{SYSTEM}: the session ended again at once, before {request.url.path} was done"
        raise Transient(msg, system=SYSTEM)

    async def _send(
        self, session: Session, request: httpx.Request, *, read: bool
    ) -> httpx.Response:
        async with self._lines.here().gate:
            try:
                response = await exchange(self._http, request, system=SYSTEM, read=read)
            except (Transient, OutcomeUnknown):
                session.leave_node()
                raise
        session.note(response)
        return response

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
        content, kind = _written(body)
        return self._http.build_request(
            method,
            settings.service_root + path,
            content=content,
            headers={**kind, **headers},
            timeout=wait,
        )

    def _new_line(self) -> _Line:
        gate = asyncio.Semaphore(self._settings.concurrency)
        return _Line(Session(self._http, self._settings), gate)


def page_of(body: Mapping[str, Any]) -> Page:
    """Read a page; the link to the next one has a version-dependent name."""
    rows = body.get("value")
    if not isinstance(rows, list):
        msg = f"{SYSTEM}: a list came without its rows"
        raise ContractBroken(msg, system=SYSTEM, payload=evidence(body))
    return Page(rows, bool(body.get("@odata.nextLink") or body.get("odata.nextLink")))


def _page_size(rows: int) -> dict[str, str]:
    return {"Prefer": f"odata.maxpagesize={rows}"}


def _written(body: Mapping[str, Any] | bytes | None) -> tuple[bytes | None, dict[str, str]]:
    """Write a body, and say what it is; bytes speak for themselves."""
    if body is None or isinstance(body, bytes):
        return body, {}
    return exact_json.dumps(dict(body)).encode(), {"Content-Type": "application/json"}


def object_of(response: httpx.Response, path: str) -> dict[str, Any]:
    """Read the body of an answer; nothing where there is none, a bare text under `value`."""
    if response.status_code == HTTPStatus.NO_CONTENT or not response.content:
        return {}
    record = path.partition("?")[0]
    body = read_json(response.content, system=SYSTEM, record=record)
    if isinstance(body, dict):
        return body
    return {"value": body}  # some services answer with a bare text (11, B1SLayer 89)
