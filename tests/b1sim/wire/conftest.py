"""A Service Layer in process, and clients that are logged in."""

import httpx
import pytest

from b1sim.world import World


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
