"""Greets receivers and brings them their events, at least once and in order (6)."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import httpx

from b1sim.company.company import Company
from b1sim.company.outside import Hook
from b1sim.webhooks import mailbag
from b1sim.webhooks.mailbag import Batch
from b1sim.webhooks.proof import proof

TOKEN = "X-B1-Webhook-Token"  # noqa: S105 - the name of a header
_TIMEOUT_SECONDS = 10
_PAUSE_SECONDS = 0.1
_PATIENT = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
Connect = Callable[[bool], httpx.AsyncClient]
"""Opens a client that checks certificates, or does not."""
Sleep = Callable[[float], Awaitable[None]]


def connect(verify: bool) -> httpx.AsyncClient:  # noqa: FBT001 - the one thing a hook chooses
    """Open a client for the real network."""
    return httpx.AsyncClient(verify=verify, timeout=_TIMEOUT_SECONDS, trust_env=False)


class Messenger:
    """Sends what the company's webhooks wait for."""

    def __init__(
        self, company: Company, connect: Connect = connect, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._books = company.books
        self._connect = connect
        self._sleep = sleep
        self._one_at_a_time = asyncio.Lock()

    async def greet(self, hook: Hook) -> str:
        """Let a receiver return a token; tell what went wrong, or nothing."""
        token = str(uuid.uuid4())
        try:
            async with self._connect(hook.verify) as http:
                headers = await proof(hook, token.encode(), http)
                reply = await http.get(hook.url, headers={TOKEN: token, **headers})
            if reply.status_code != HTTPStatus.OK:
                return f"the receiver answered {reply.status_code}"
            answer = reply.json()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"the receiver cannot be reached: {type(error).__name__}"
        except ValueError:
            return "the receiver did not answer in JSON"
        right = isinstance(answer, dict) and answer.get("Challenge") == token
        return "" if right else "the receiver did not return the token as Challenge"

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            await self.deliver()
            await asyncio.sleep(_PAUSE_SECONDS)

    async def deliver(self) -> None:
        """Deliver all that waits now."""
        async with self._one_at_a_time:
            while batch := mailbag.next_batch(self._books):
                retries, failure = await self._sent(batch)
                mailbag.settle(self._books, batch, retries, failure)

    async def _sent(self, batch: Batch) -> tuple[int, str]:
        """Try until it is taken, refused for good, or tried often enough."""
        retries = 0
        while True:
            failure, hopeless = await self._try(batch)
            if not failure or hopeless or retries >= self._books.settings.webhook_retries:
                return retries, failure
            retries += 1
            await self._sleep(self._books.settings.webhook_retry_seconds)

    async def _try(self, batch: Batch) -> tuple[str, bool]:
        """Send once; tell what went wrong, and whether another try is in vain.

        Retried are 5xx, 408, 429 and the network (6); that any 2xx is success is a guess.
        """
        try:
            async with self._connect(batch.hook.verify) as http:
                headers = await proof(batch.hook, batch.content, http)
                headers["Content-Type"] = "application/json"
                reply = await http.post(batch.hook.url, content=batch.content, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__, False
        if reply.is_success:
            return "", False
        again = reply.is_server_error or reply.status_code in _PATIENT
        return f"HTTP {reply.status_code}", not again
