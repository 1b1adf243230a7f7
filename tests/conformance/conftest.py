"""Opens any connector on its own simulator, by what the connector says it can do."""

import pytest

from b1bridge.connectors import discover
from b1bridge.sdk.simulators import simulate
from b1bridge.testing.worlds import connect

CAPABILITY = "CAPABILITY"


# There is no remote system to simulate: the hub keeps the records of these clients itself.
# tests/journeys/facade asks of their orders what is asked of shops here.
KEPT_BY_THE_HUB = {"rest"}


def pytest_generate_tests(metafunc):
    """Run a test once for every connector that has the capability its module names."""
    wanted = getattr(metafunc.module, CAPABILITY, None)
    if wanted and "connector" in metafunc.fixturenames:
        able = [
            c
            for c in discover().values()
            if wanted in c.capabilities and c.key not in KEPT_BY_THE_HUB
        ]
        metafunc.parametrize("connector", able, ids=[c.key for c in able])


@pytest.fixture
def world(connector):
    return simulate(connector)


@pytest.fixture
def connected(connector, world):
    return connect(connector, world, name="c1")


@pytest.fixture
def shop(connected):
    """Call it by its trade."""
    return connected
