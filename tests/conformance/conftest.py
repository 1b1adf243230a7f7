"""Opens any connector on its own simulator, by what the connector says it can do."""

import pytest

from b1bridge.connectors import discover
from b1bridge.sdk.simulators import simulate
from b1bridge.testing.worlds import connect

CAPABILITY = "CAPABILITY"


def pytest_generate_tests(metafunc):
    """Run a test once for every connector that has the capability its module names."""
    wanted = getattr(metafunc.module, CAPABILITY, None)
    if wanted and "connector" in metafunc.fixturenames:
        able = [c for c in discover().values() if wanted in c.capabilities]
        metafunc.parametrize("connector", able, ids=[c.key for c in able])


@pytest.fixture
def world(connector):
    return simulate(connector)


@pytest.fixture
def shop(connector, world):
    return connect(connector, world, name="c1")
