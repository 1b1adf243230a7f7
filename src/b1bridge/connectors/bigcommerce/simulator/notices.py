"""Webhooks as BigCommerce sends them: signed stubs (Standard Webhooks; storefronts.md 1.7)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import httpx

from .records import Hook, Notice
from .reputation import Reputation
from .store import Store

# 11 retries over about two days, then the hook is switched off.
RETRY_AFTER_SECONDS = (60, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 50400, 86400)


@dataclass(slots=True)
class Report:
    """What became of a delivery: status code by count; 0 stands for no answer.

    `barred` counts what was not even tried, because its domain takes webhooks badly.
    """

    statuses: dict[int, int] = field(default_factory=dict)
    dropped: int = 0
    barred: int = 0


def signed(store: Store, notice: Notice, hook: Hook | None = None) -> tuple[dict[str, str], bytes]:
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
    of_scope = [hook for hook in store.hooks.values() if _covers(hook.scope, notice.scope)]
    return headers | _custom_headers([hook] if hook else of_scope), body


def signature_of(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """Sign `{id}.{timestamp}.{raw body}` with HMAC-SHA256."""
    text = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _custom_headers(hooks: Iterable[Hook]) -> dict[str, str]:
    """Headers given when the hook was made are echoed on each callback."""
    return {name: value for hook in hooks for name, value in (hook.headers or {}).items()}


def _covers(hook: str, scope: str) -> bool:
    return hook == scope or (hook.endswith("/*") and scope.startswith(hook[:-1]))


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice on its way to one address."""

    notice: Notice
    url: str
    hook: Hook | None = None


class Postman:
    """Empties the outbox, concurrently, as often and in what order a test asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reputation = Reputation(store.clock)

    async def deliver(
        self,
        url: str = "",
        *,
        copies: int = 1,
        shuffle: int | None = None,
        drop: float | Callable[[Notice], bool] = 0.0,
        concurrency: int = 16,
        http: httpx.AsyncClient | None = None,
    ) -> Report:
        """Post what waits to the hooks that asked for it; a `url` gets everything instead.

        `shuffle` is a seed, `drop` a share or a choice of what gets lost. What no active hook
        covers is never sent. What is not answered with 2xx goes back to the outbox until its
        retries are used up; then its hook is switched off.
        """
        chance = Random(shuffle)  # noqa: S311 - repeatable disorder, not a secret
        waiting, self._store.outbox[:] = list(self._store.outbox), []
        lost = drop if callable(drop) else lambda _: chance.random() < drop
        kept = [notice for notice in waiting if not lost(notice)]
        addressed = [letter for notice in kept for letter in self._addressed(notice, url)]
        letters = [letter for letter in addressed for _ in range(copies)]
        if shuffle is not None:
            chance.shuffle(letters)
        report = Report(dropped=len(waiting) - len(kept))
        client = http or httpx.AsyncClient(timeout=10)
        try:
            failed = await self._post_all(client, letters, report, concurrency)
        finally:
            if http is None:
                await client.aclose()
        self._put_back(failed)
        return report

    def _addressed(self, notice: Notice, url: str) -> list[Letter]:
        if url:
            return [Letter(notice, url)]
        return [
            Letter(notice, hook.destination, hook)
            for hook in self._store.hooks.values()
            if hook.is_active and _covers(hook.scope, notice.scope)
            if notice.hook_id in {None, hook.id}
        ]

    def _put_back(self, failed: Iterable[Letter]) -> None:
        for letter in failed:
            owed = letter.hook.id if letter.hook else None
            again = replace(letter.notice, tries=letter.notice.tries + 1, hook_id=owed)
            if again.tries <= len(RETRY_AFTER_SECONDS):
                self._store.outbox.append(again)
                continue
            hooks = [letter.hook] if letter.hook else list(self._store.hooks.values())
            for hook in (hook for hook in hooks if hook.destination == letter.url):
                hook.is_active = False

    def _barred(self, letter: Letter) -> bool:
        """Hold a hook's letter back while its domain is barred; that is no try of its own."""
        if letter.hook is None or not self._reputation.bars(letter.url):
            return False
        self._store.outbox.append(replace(letter.notice, hook_id=letter.hook.id))
        return True

    async def _post_all(
        self,
        client: httpx.AsyncClient,
        letters: Sequence[Letter],
        report: Report,
        concurrency: int,
    ) -> list[Letter]:
        free = asyncio.Semaphore(concurrency)
        failed: dict[tuple[str, str], Letter] = {}

        async def post(letter: Letter) -> None:
            async with free:
                if self._barred(letter):
                    report.barred += 1
                    return
                status = await self._post(client, letter)
            if letter.hook is not None:
                self._reputation.note(letter.url, success=httpx.codes.is_success(status))
            report.statuses[status] = report.statuses.get(status, 0) + 1
            if not httpx.codes.is_success(status):
                failed[letter.notice.id, letter.url] = letter

        await asyncio.gather(*(post(letter) for letter in letters))
        return list(failed.values())

    async def _post(self, client: httpx.AsyncClient, letter: Letter) -> int:
        headers, body = signed(self._store, letter.notice, letter.hook)
        try:
            return (await client.post(letter.url, headers=headers, content=body)).status_code
        except httpx.TransportError:
            return 0
