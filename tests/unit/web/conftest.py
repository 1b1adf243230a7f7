"""A hub with one simulated shop, and its web application without a socket."""

import httpx
import pytest

from b1bridge.bootstrap import Hub
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.testing.worlds import line_to
from b1bridge.web.app import create_app


@pytest.fixture
def shop():
    return Simulator()


@pytest.fixture
async def hub(tmp_path, shop):
    async with await Hub.open(tmp_path / "home", transports={"shop": line_to(shop)}) as hub:
        await hub.add_connection("shop", "bigcommerce", shop.settings())
        yield hub


@pytest.fixture
async def web(hub):
    """Return a client of the hub's web application."""
    # A door that fell over would answer 500; the test shall see that, not our traceback.
    line = httpx.ASGITransport(create_app(hub), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=line, base_url="http://hub.test") as client:
        yield client
