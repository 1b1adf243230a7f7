"""Webhooks as BigCommerce sends them: signed stubs (Standard Webhooks; storefronts.md 1.7)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import httpx

from .records import Notice
from .store import Store

# 11 retries over about two days, then the hook is switched off.
RETRY_AFTER_SECONDS = (60, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 50400, 86400)


@dataclass(slots=True)
class Report:
    """What became of a delivery: status code by count; 0 stands for no answer."""

    statuses: dict[int, int] = field(default_factory=dict)
    dropped: int = 0


def signed(store: Store, notice: Notice) -> tuple[dict[str, str], bytes]:
    """Return headers and raw body; the key is the raw bytes of the client secret."""
    stub = {
        "scope": notice.scope,
        "store_id": "1025646",
        "data": notice.data,
        "created_at": notice.created_at,
        "producer": f"stores/{store.store_hash}",
    }
    stub["hash"] = hashlib.sha1(json.dumps(stub).encode()).hexdigest()  # noqa: S324 - as they do
    body = json.dumps(stub, separators=(",", ":")).encode()
    timestamp = str(int(store.clock().timestamp()))
    signature = signature_of(store.client_secret, notice.id, timestamp, body)
    headers = {
        "content-type": "application/json",
        "webhook-id": notice.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
    }
    return headers | _custom_headers(store, notice), body


def signature_of(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """Sign `{id}.{timestamp}.{raw body}` with HMAC-SHA256."""
    text = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _custom_headers(store: Store, notice: Notice) -> dict[str, str]:
    """Headers given when the hook was made are echoed on each callback."""
    hooks = [hook for hook in store.hooks.values() if _covers(hook.scope, notice.scope)]
    return {name: value for hook in hooks for name, value in (hook.headers or {}).items()}


def _covers(hook: str, scope: str) -> bool:
    return hook == scope or (hook.endswith("/*") and scope.startswith(hook[:-1]))


class Postman:
    """Empties the outbox to a URL, concurrently, as often and in what order a test asks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def deliver(
        self,
        url: str,
        *,
        copies: int = 1,
        shuffle: int | None = None,
        drop: float | Callable[[Notice], bool] = 0.0,
        concurrency: int = 16,
        http: httpx.AsyncClient | None = None,
    ) -> Report:
        """Post what waits; `shuffle` is a seed, `drop` a share or a choice of what gets lost.

        What is not answered with 2xx goes back to the outbox until its retries are used up.
        """
        chance = Random(shuffle)  # noqa: S311 - repeatable disorder, not a secret
        waiting, self._store.outbox[:] = list(self._store.outbox), []
        lost = drop if callable(drop) else lambda _: chance.random() < drop
        kept = [notice for notice in waiting if not lost(notice)]
        letters = [notice for notice in kept for _ in range(copies)]
        if shuffle is not None:
            chance.shuffle(letters)
        report = Report(dropped=len(waiting) - len(kept))
        client = http or httpx.AsyncClient(timeout=10)
        try:
            failed = await self._post_all(client, url, letters, report, concurrency)
        finally:
            if http is None:
                await client.aclose()
        self._store.outbox += [n for n in failed if n.tries <= len(RETRY_AFTER_SECONDS)]
        if any(notice.tries > len(RETRY_AFTER_SECONDS) for notice in failed):
            for hook in self._store.hooks.values():
                hook.is_active = False
        return report

    async def _post_all(
        self,
        client: httpx.AsyncClient,
        url: str,
        letters: Sequence[Notice],
        report: Report,
        concurrency: int,
    ) -> list[Notice]:
        free = asyncio.Semaphore(concurrency)
        failed: dict[str, Notice] = {}

        async def post(notice: Notice) -> None:
            async with free:
                status = await self._post(client, url, notice)
            report.statuses[status] = report.statuses.get(status, 0) + 1
            if not httpx.codes.is_success(status):
                failed[notice.id] = notice

        await asyncio.gather(*(post(notice) for notice in letters))
        for notice in failed.values():
            notice.tries += 1
        return list(failed.values())

    async def _post(self, client: httpx.AsyncClient, url: str, notice: Notice) -> int:
        headers, body = signed(self._store, notice)
        try:
            return (await client.post(url, headers=headers, content=body)).status_code
        except httpx.TransportError:
            return 0
