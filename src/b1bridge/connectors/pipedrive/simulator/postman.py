"""Carries letters to webhooks: again after 3, 30 and 150 seconds, and never to the banned (2.4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

import httpx

from .company import Company
from .letters import written
from .records import Hook, Letter

AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (3, 30, 150))
BANNED_AFTER, BANNED_FOR = 10, timedelta(minutes=30)
DELETED_AFTER = timedelta(days=3)


@dataclass(slots=True)
class Report:
    """What became of letters: status codes by count, 0 for no answer; lost ones are gone."""

    statuses: dict[int, int] = field(default_factory=dict)
    lost: int = 0
    waiting: int = 0


class Postman:
    """Empties the outbox as often and in what order a test asks."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def deliver(
        self,
        *,
        copies: int = 1,
        shuffle: int | None = None,
        drop: float | Callable[[Letter], bool] = 0.0,
        http: httpx.AsyncClient | None = None,
        concurrency: int = 16,
    ) -> Report:
        """Post what is due; `shuffle` is a seed, `drop` a share or a choice of what gets lost."""
        chance = Random(shuffle)  # noqa: S311 - repeatable disorder, not a secret
        now, report = self._company.clock(), Report()
        waiting, self._company.outbox[:] = list(self._company.outbox), []
        due = [one for one in waiting if one.due is None or one.due <= now]
        self._company.outbox += [one for one in waiting if one not in due]
        lost = drop if callable(drop) else lambda _: chance.random() < drop
        kept = [one for one in due if not lost(one) and self._reaches(one, report)]
        report.lost += len(due) - len(kept) - report.lost
        letters = [one for one in kept for _ in range(copies)]
        if shuffle is not None:
            chance.shuffle(letters)
        client = http or httpx.AsyncClient(timeout=10)
        try:
            gate = asyncio.Semaphore(concurrency)
            await asyncio.gather(*(self._post(client, gate, one, report) for one in letters))
        finally:
            if http is None:
                await client.aclose()
        self._forget_the_dead()
        report.waiting = len(self._company.outbox)
        return report

    def _reaches(self, letter: Letter, report: Report) -> bool:
        """Drop what is for a webhook that is banned or gone: it is lost for good."""
        hook = self._company.hooks.get(letter.hook)
        banned = (
            hook is not None and hook.barred_until and hook.barred_until > self._company.clock()
        )
        if hook is None or banned:
            report.lost += 1
            return False
        return True

    async def _post(
        self, client: httpx.AsyncClient, gate: asyncio.Semaphore, letter: Letter, report: Report
    ) -> None:
        hook = self._company.hooks.get(letter.hook)
        if hook is None:
            return
        headers, body = written(self._company, letter.change, hook, letter.attempt)
        async with gate:
            try:
                status = (await client.post(hook.url, headers=headers, content=body)).status_code
            except httpx.TransportError:
                status = 0
        report.statuses[status] = report.statuses.get(status, 0) + 1
        self._note(hook, letter, status)

    def _note(self, hook: Hook, letter: Letter, status: int) -> None:
        now = self._company.clock()
        hook.last_try, hook.last_status = now, status
        if httpx.codes.is_success(status):
            hook.last_success, hook.failures = now, 0
            return
        if letter.attempt == 1:
            hook.failures += 1
        if hook.failures >= BANNED_AFTER:
            hook.barred_until, hook.failures = now + BANNED_FOR, 0
        if letter.attempt <= len(AGAIN_AFTER):
            due = now + AGAIN_AFTER[letter.attempt - 1]
            self._company.outbox.append(replace(letter, attempt=letter.attempt + 1, due=due))

    def _forget_the_dead(self) -> None:
        """Delete webhooks that had no success for three days although something was tried."""
        now = self._company.clock()
        for hook in list(self._company.hooks.values()):
            since = hook.last_success or hook.added_at
            failed = hook.last_try is not None and hook.last_try > since
            if failed and now - since >= DELETED_AFTER:
                del self._company.hooks[hook.id]
