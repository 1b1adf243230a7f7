"""What every test may ask for."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def shared():
    """Return the folder with the vendors' contracts and real data, or skip with a reason."""
    folder = Path(os.environ.get("B1BRIDGE_SHARED", "../shared"))
    if not folder.is_dir():
        pytest.skip(
            f"no folder {folder}: set B1BRIDGE_SHARED to run against the vendors' contracts"
        )
    return folder.resolve()
