"""Who posts documents into a simulated SAP: our client, or so many workers and no gate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import httpx

from b1bridge.connectors.sap_b1.client import ClientSettings, ServiceLayer
from b1bridge.errors import BridgeError
from b1sim.world import World

Document = Mapping[str, Any]
Post = Callable[[str, Document], Awaitable[bool]]
"""Posts one document into a set; tells whether SAP took it."""
# More than any limit that is compared, so that the gate and nothing else holds calls back.
_CALLERS = 90


@dataclass(frozen=True, slots=True)
class Work:
    """So many documents for one set, and what happens when half of them are posted."""

    entity_set: str
    document: Document
    count: int
    halfway: Callable[[], object] = lambda: None

    async def done(self, post: Post, workers: int) -> list[float]:
        """Post until SAP has taken all; return when each was, in the loop's seconds."""
        clock = asyncio.get_running_loop().time
        done = [clock()]

        async def work() -> None:
            while len(done) <= self.count:
                if not await post(self.entity_set, self.document):
                    continue
                done.append(clock())
                if len(done) == self.count // 2:
                    self.halfway()

        await asyncio.gather(*(work() for _ in range(workers)))
        return done[: self.count + 1]


@asynccontextmanager
async def ours(world: World, sessions: int) -> AsyncIterator[tuple[Post, int]]:
    """Our client as it comes: nobody tells it how many calls at once serve best."""
    settings = ClientSettings(**world.settings(), sessions=sessions)
    async with httpx.AsyncClient(transport=world.transport()) as http:
        service = ServiceLayer(http, settings)

        async def post(entity_set: str, document: Document) -> bool:
            try:
                await service.post(entity_set, document)
            except BridgeError:
                return False
            return True

        await service.open()
        yield post, _CALLERS
        await service.close()


@asynccontextmanager
async def fixed(world: World, sessions: int, workers: int) -> AsyncIterator[tuple[Post, int]]:
    """So many workers, who share the sessions in turn."""
    async with AsyncExitStack() as stack:
        ways = cycle([await stack.enter_async_context(_logged_in(world)) for _ in range(sessions)])

        async def post(entity_set: str, document: Document) -> bool:
            return (await next(ways).post(f"/b1s/v2/{entity_set}", json=document)).is_success

        yield post, workers


@asynccontextmanager
async def _logged_in(world: World) -> AsyncIterator[httpx.AsyncClient]:
    known = world.settings()
    login = {
        "CompanyDB": known["company_db"],
        "UserName": known["user"],
        "Password": known["password"],
    }
    async with httpx.AsyncClient(
        base_url=known["url"], transport=world.transport(), timeout=300
    ) as http:
        (await http.post("/b1s/v2/Login", json=login)).raise_for_status()
        yield http
