"""What every test may ask for."""

import os
import uuid
from pathlib import Path

import psycopg
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


@pytest.fixture
def postgres_url():
    """Return the URL of an empty PostgreSQL database, dropped afterwards."""
    server = os.environ.get("B1BRIDGE_TEST_POSTGRES")
    if not server:
        assert not os.environ.get("CI"), "in CI the PostgreSQL tests must run, not be skipped"
        pytest.skip("no PostgreSQL server: set B1BRIDGE_TEST_POSTGRES to its URL")
    name = f"b1bridge_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
