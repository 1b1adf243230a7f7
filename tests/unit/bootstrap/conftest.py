"""A hub with one connection whose clients need tokens, and one that has no clients."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel

from b1bridge.bootstrap import Hub, Parts
from b1bridge.sdk.connector import Connector, Finding
from b1bridge.testing.clocks import Clock


class ForClients(BaseModel):
    requests_per_minute: int = 600
    compatibility: bool = False


class ForNobody(BaseModel):
    place: str = "here"


async def doctor(settings, http) -> AsyncIterator[Finding]:
    del settings, http
    yield Finding("all", well=True, message="fine")


def connector(key, settings):
    return Connector(
        key=key,
        title=key.title(),
        settings=settings,
        capabilities=(),
        http=lambda _: httpx.AsyncClient(),
        build=lambda *_: object(),
        doctor=doctor,
    )


PARTS = Parts(
    connectors=lambda: {
        "facade": connector("facade", ForClients),
        "shop": connector("shop", ForNobody),
    },
    flows=dict,
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def open_hub(tmp_path, clock):
    """Return a function that opens another process's hub, or, on another home, one of its own."""

    async def opened(home: Path = tmp_path) -> Hub:
        return await Hub.open(home, clock=clock, parts=PARTS)

    return opened


@pytest.fixture
async def hub(open_hub):
    async with await open_hub() as hub:
        await hub.add_connection("api", "facade", {})
        await hub.add_connection("shop", "shop", {})
        yield hub
