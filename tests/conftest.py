"""What every test may ask for."""

import os
import shutil
import sys
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


@pytest.fixture(scope="session", autouse=True)
def copied_databases(tmp_path_factory):
    """Let hubs copy a new SQLite database: the migrations are most of opening one."""
    hub = sys.modules.get("b1bridge.bootstrap.hub")
    if hub is None:  # nothing that was collected opens a hub
        yield
        return
    opened = hub.open_database
    template = tmp_path_factory.mktemp("template")
    database = opened(template, None)
    engine = database.durable_engine()
    hub.durable.migrate(engine)
    engine.dispose()
    database.close()

    def open_copied(home, url):
        if url is None and not (home / "b1bridge.db").exists():
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(template / "b1bridge.db", home)
        return opened(home, url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hub, "open_database", open_copied)
        yield


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
