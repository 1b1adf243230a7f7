"""Talks to Pipedrive's API, both versions of it: token, budget, bursts, pages, refusals."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from b1bridge.connectors.pipedrive.budget import SYSTEM, Budget
from b1bridge.connectors.pipedrive.bursts import Bursts
from b1bridge.connectors.pipedrive.oauth import OAuth
from b1bridge.connectors.pipedrive.operations import Operation
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.errors import BridgeError, Rejected, Spent, Transient
from b1bridge.sdk import exact_json
from b1bridge.sdk.http import exchange
from b1bridge.sdk.reading import read_json
from b1bridge.sdk.replies import Decision, decided, refusal

PAGE = 500
_TRIES = 3
_BANNED_SECONDS = 300.0
"""Who goes on asking after a 429 is shut out by Cloudflare for some minutes (1.9)."""
_LONGEST_BURST = 10
"""Seconds; a longer wait is for the day to end."""
_FREE = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED}
"""Turned away at the door: nothing was done, and nothing is charged (guess: not for a 401)."""
_CAPPED = "let Pipedrive's plan allow it (its limit is reached), then retry the case"

Params = Mapping[str, str | int]


@dataclass(slots=True)
class Client:
    """One company's API; every answer is the whole envelope, with exact numbers."""

    settings: Settings
    http: httpx.AsyncClient
    budget: Budget
    oauth: OAuth
    bursts: Bursts

    async def call(
        self,
        operation: Operation,
        *,
        id_: str = "",
        params: Params | None = None,
        payload: Any = None,
    ) -> dict[str, Any]:
        """Ask one thing; raises what the answer means (sdk.replies), BUDGET when it is too dear."""
        await self.budget.admit(operation)
        response = await self._send(operation, id_, params, payload)
        for _ in range(_TRIES - 1):
            if not _asks_to_wait(response):
                break
            # Nothing was done, and the answer says when to come back.
            response = await self._send(operation, id_, params, payload)
        if response.is_error:
            raise _refusal(response)
        found = read_json(response.content, system=SYSTEM, record=operation.path)
        return found if isinstance(found, dict) else {}

    async def pages(
        self, operation: Operation, params: Params | None = None, *, id_: str = ""
    ) -> AsyncIterator[list[Any]]:
        """Yield the pages of a v2 list, of what belongs to a record where its id is given."""
        cursor: str | None = ""
        while cursor is not None:
            asked = {**(params or {}), "limit": PAGE} | ({"cursor": cursor} if cursor else {})
            found = await self.call(operation, id_=id_, params=asked)
            yield found.get("data") or []
            cursor = (found.get("additional_data") or {}).get("next_cursor")

    async def v1_pages(
        self, operation: Operation, params: Params | None = None
    ) -> AsyncIterator[list[Any]]:
        """Yield the pages of a v1 list."""
        start: int | None = 0
        while start is not None:
            asked = {**(params or {}), "start": start, "limit": PAGE}
            found = await self.call(operation, params=asked)
            yield found.get("data") or []
            start = found["additional_data"]["pagination"].get("next_start")

    async def _send(
        self, operation: Operation, id_: str, params: Params | None, payload: Any
    ) -> httpx.Response:
        response = await self._once(operation, id_, params, payload)
        if response.status_code == HTTPStatus.UNAUTHORIZED and self.settings.api_token is None:
            # A token may be taken back before its hour is over; a new one is asked for once.
            self.oauth.forget(response.request.headers["authorization"].removeprefix("Bearer "))
            response = await self._once(operation, id_, params, payload)
        return response

    async def _once(
        self, operation: Operation, id_: str, params: Params | None, payload: Any
    ) -> httpx.Response:
        request = self.http.build_request(
            operation.method,
            self.settings.api_url.rstrip("/") + operation.path.replace("{id}", id_),
            params=params,
            content=None if payload is None else exact_json.dumps(payload),
            headers=await self._headers(),
        )
        async with self.bursts.turn() as sent_at:
            response = await exchange(self.http, request, system=SYSTEM)
            await self._learn(operation, response, sent_at)
        return response

    async def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if self.settings.api_token is not None:
            return headers | {"x-api-token": self.settings.api_token.get_secret_value()}
        return headers | {"Authorization": f"Bearer {await self.oauth.access_token()}"}

    async def _learn(self, operation: Operation, response: httpx.Response, sent_at: float) -> None:
        if response.status_code not in _FREE:
            await self.budget.spend(operation.cost)
        if (left := _number(response, "x-daily-requests-left")) is not None:
            self.budget.learn(left)
        if _is_daily(response):
            # Who asks on after this one is shut out, so nobody of us does.
            self.budget.learn(0)
        left = _number(response, "x-ratelimit-remaining")
        # Searches are counted apart from the rest, and we never search.
        if left is not None and not _is_daily(response):
            self.bursts.learn(left, sent_at)


def _asks_to_wait(response: httpx.Response) -> bool:
    """Tell a burst, which passes in seconds, from the day's end."""
    refused = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    return refused and "x-ratelimit-reset" in response.headers and not _is_daily(response)


def _is_daily(response: httpx.Response) -> bool:
    reset = _number(response, "x-ratelimit-reset") or 0
    return response.status_code == HTTPStatus.TOO_MANY_REQUESTS and reset > _LONGEST_BURST


def _refusal(response: httpx.Response) -> BridgeError:
    status, (text, code) = response.status_code, _said(response)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = _number(response, "x-ratelimit-reset") or _BANNED_SECONDS
        kind = Spent if _is_daily(response) else Transient
        return _later(f"{SYSTEM}: {text or 'too many requests'}", "429", wait, kind)
    if status == HTTPStatus.FORBIDDEN and "json" not in response.headers.get("content-type", ""):
        return _later(f"{SYSTEM}: shut out after too many requests", "403", _BANNED_SECONDS)
    if status == HTTPStatus.FORBIDDEN and code.startswith("feature_capping"):
        return decided(
            Decision(Rejected, "CRM_LIMIT", _CAPPED), f"{SYSTEM}: {text}", system=SYSTEM, code=code
        )
    return refusal(response, system=SYSTEM, code=code, text=text)


def _later(
    message: str, code: str, seconds: float, kind: type[Transient] = Transient
) -> BridgeError:
    return decided(Decision(kind), message, system=SYSTEM, code=code, retry_after=seconds)


def _said(response: httpx.Response) -> tuple[str, str]:
    """Read the words and the code of an error; a gateway may answer with neither."""
    try:
        said = exact_json.loads(response.content)
    except ValueError:
        return "", ""
    if not isinstance(said, dict):
        return "", ""
    errors = said.get("errors")
    named = "; ".join(f"{k}: {v}" for k, v in errors.items()) if isinstance(errors, dict) else ""
    return str(said.get("error") or said.get("message") or named), str(said.get("code") or "")


def _number(response: httpx.Response, header: str) -> int | None:
    said = response.headers.get(header, "")
    return int(said) if said.isdecimal() else None
