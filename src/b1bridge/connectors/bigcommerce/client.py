"""Talks to BigCommerce's APIs: token, pages, quota, refusals (storefronts.md 1.1, 1.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any

import httpx

from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.errors import BridgeError, Transient
from b1bridge.sdk import exact_json
from b1bridge.sdk.http import exchange
from b1bridge.sdk.rate_limit import Allowance
from b1bridge.sdk.reading import read_json
from b1bridge.sdk.replies import Decision, decided, refusal

SYSTEM = "bigcommerce"
PAGE = 250
_TRIES = 3

_LEFT = "x-rate-limit-requests-left"
_RESET_MS = "x-rate-limit-time-reset-ms"


class Client:
    """One store's API; every answer is JSON with exact numbers, or None for 204."""

    def __init__(
        self, settings: Settings, http: httpx.AsyncClient, allowance: Allowance | None = None
    ) -> None:
        self._http = http
        self._root = f"{settings.api_url.rstrip('/')}/stores/{settings.store_hash}"
        self._token = settings.access_token
        self._allowance = allowance or Allowance(keep=settings.requests_kept)

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """Read one resource."""
        return await self._call("GET", path, params)

    async def put(self, path: str, payload: Any) -> Any:
        """Write one resource."""
        return await self._call("PUT", path, payload=payload)

    async def post(self, path: str, payload: Any) -> Any:
        """Create one resource."""
        return await self._call("POST", path, payload=payload)

    async def delete(self, path: str) -> None:
        """Delete one resource."""
        await self._call("DELETE", path)

    async def v2_pages(
        self, path: str, params: Mapping[str, str | int] | None = None
    ) -> AsyncIterator[list[Any]]:
        """Yield the pages of a bare array; V2 says nothing of how many there are."""
        number, rows = 1, [None] * PAGE
        while len(rows) == PAGE:
            rows = await self.get(path, {**(params or {}), "page": number, "limit": PAGE}) or []
            if rows:
                yield rows
            number += 1

    async def v3_pages(
        self, path: str, params: Mapping[str, str | int] | None = None
    ) -> AsyncIterator[list[Any]]:
        """Yield the pages that `meta.pagination` counts; without it, a short page is the last.

        The list of refunds is published without a pagination.
        """
        number, more = 1, True
        while more:
            found = await self.get(path, {**(params or {}), "page": number, "limit": PAGE})
            if found is None:
                return
            yield found["data"]
            counted = found["meta"].get("pagination")
            more = number < counted["total_pages"] if counted else len(found["data"]) == PAGE
            number += 1

    async def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        payload: Any = None,
    ) -> Any:
        response = await self._send(method, path, params, payload)
        for _ in range(_TRIES - 1):
            if (
                response.status_code != HTTPStatus.TOO_MANY_REQUESTS
                or _RESET_MS not in response.headers
            ):
                break
            # Nothing was done, and the answer says when to come back.
            response = await self._send(method, path, params, payload)
        if response.is_error:
            raise _refusal(response)
        if response.status_code == HTTPStatus.NO_CONTENT or not response.content:
            return None
        return read_json(response.content, system=SYSTEM, record=path)

    async def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        payload: Any,
    ) -> httpx.Response:
        await self._allowance.take()
        request = self._http.build_request(
            method,
            f"{self._root}/{path}",
            params=params,
            content=None if payload is None else exact_json.dumps(payload),
            headers={
                "X-Auth-Token": self._token.get_secret_value(),
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )
        response = await exchange(self._http, request, system=SYSTEM)
        self._learn(response)
        return response

    def _learn(self, response: httpx.Response) -> None:
        left, reset = (_number(response, name) for name in (_LEFT, _RESET_MS))
        if reset is None:  # unlimited plans and overloaded gateways send no headers
            return
        refused = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        if refused or left is not None:
            self._allowance.learn(0 if refused else left or 0, reset / 1000)


def _refusal(response: httpx.Response) -> BridgeError:
    text = _text_of(response)
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        reset = _number(response, _RESET_MS)
        seconds = _number(response, "x-retry-after") if reset is None else reset / 1000
        return decided(
            Decision(Transient), f"{SYSTEM}: {text}", system=SYSTEM, code="429", retry_after=seconds
        )
    return refusal(response, system=SYSTEM, text=text)


def _text_of(response: httpx.Response) -> str:
    """Read V2's array of errors and V3's one object; a proxy may answer with neither."""
    try:
        said = exact_json.loads(response.content)
    except ValueError:
        return ""
    first = said[0] if isinstance(said, list) and said else said
    if not isinstance(first, dict):
        return ""
    text = str(first.get("message") or first.get("title") or "")
    fields = first.get("errors") or {}
    named = "; ".join(f"{name}: {why}" for name, why in dict(fields).items())
    return f"{text} ({named})" if named else text


def _number(response: httpx.Response, header: str) -> int | None:
    said = response.headers.get(header, "")
    return int(said) if said.isdecimal() else None
