"""What an API has been used for outlives every process."""

from datetime import UTC, datetime

import pytest

from b1bridge.storage.opening import open_database
from b1bridge.storage.usage import StoredUsage

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(tmp_path, url)
    yield database
    database.close()


async def test_processes_add_to_the_same_hours(database):
    one, other = StoredUsage(database), StoredUsage(database)
    await one.add("crm", "2026-11-20T23", 7)
    await one.add("crm", "2026-11-21T09", 10)
    await other.add("crm", "2026-11-21T09", 5)
    await other.add("crm", "2026-11-21T10", 1)
    await other.add("other", "2026-11-21T09", 100)

    assert await one.since("crm", "2026-11-21T00") == {"2026-11-21T09": 15, "2026-11-21T10": 1}
    assert await one.since("nobody", "2026-11-21T00") == {}


async def test_old_hours_are_forgotten(database):
    stored = StoredUsage(database)
    await stored.add("crm", "2026-08-20T23", 7)
    await stored.add("crm", "2026-11-21T09", 10)

    await stored.forget(datetime(2026, 8, 23, tzinfo=UTC))

    assert await stored.since("crm", "2026-01-01T00") == {"2026-11-21T09": 10}
