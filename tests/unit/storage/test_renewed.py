"""What a connection renews of its secrets is kept sealed, until somebody enters them anew."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from b1bridge.storage.connections import StoredConnections
from b1bridge.storage.opening import open_database
from b1bridge.storage.vault import Vault

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    database = open_database(tmp_path, None)
    yield database
    database.close()


async def entered(store):
    await store.add("crm", "pipedrive", {"seats": 3}, {"refresh_token": "first"}, NOW)


async def test_it_outlives_the_process_and_the_key_and_is_read_by_nobody_else(database):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    store = StoredConnections(database, Vault([old]))
    await entered(store)
    assert await store.newest("crm") == {}

    await store.keep("crm", {"refresh_token": "second"})
    rotating = StoredConnections(database, Vault([new, old]))
    await rotating.rotate(NOW)
    fresh = StoredConnections(database, Vault([new]))

    assert await fresh.newest("crm") == {"refresh_token": "second"}
    assert (await fresh.full_settings("crm"))[1]["refresh_token"] == "first"
    rows = await database.read(lambda db: db.execute(sa.text("select * from connections")).all())
    assert "second" not in str(rows)


async def test_what_an_operator_enters_counts_from_then_on(database):
    store = StoredConnections(database, Vault([Fernet.generate_key().decode()]))
    await entered(store)
    await store.keep("crm", {"refresh_token": "second"})

    await entered(store)

    assert await store.newest("crm") == {}
