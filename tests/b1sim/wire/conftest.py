"""A Service Layer in process, with a clock that tests move, and clients that are logged in."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from b1sim.world import World


class Clock:
    """A clock that moves when told."""

    def __init__(self):
        self.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_minutes(self, minutes):
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(clock):
    with World(seed=False, clock=clock, control=True) as world:
        yield world


@pytest.fixture
def credentials(world):
    settings = world.settings()
    return {
        "CompanyDB": settings["company_db"],
        "UserName": settings["user"],
        "Password": settings["password"],
    }


@pytest.fixture
async def stranger(world):
    """A client without a session; paths begin at the host."""
    async with httpx.AsyncClient(transport=world.transport(), base_url=world.base_url) as client:
        yield client


@pytest.fixture
async def v1(world, credentials):
    async with _logged_in(world, "/b1s/v1/") as client:
        await client.post("Login", json=credentials)
        yield client


@pytest.fixture
async def v2(world, credentials):
    async with _logged_in(world, "/b1s/v2/") as client:
        await client.post("Login", json=credentials)
        yield client


def _logged_in(world, root):
    return httpx.AsyncClient(transport=world.transport(), base_url=world.base_url + root)
