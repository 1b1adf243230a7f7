"""The shape of the database, on both kinds."""

import os

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from b1bridge.storage.database import Unsupported, _check_sqlite, insert_new
from b1bridge.storage.opening import open_database
from b1bridge.storage.tables import metadata

pytestmark = pytest.mark.anyio
ROW = {"text": "812", "ref": "shop/order/812"}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(tmp_path, url)
    yield database
    database.close()


async def test_the_migrations_lead_to_the_tables_that_the_code_uses(database):
    def differences(db):
        options = {"version_table": "b1bridge_version", "include_name": _ours}
        context = MigrationContext.configure(db, opts=options)
        return compare_metadata(context, metadata)

    assert await database.read(differences) == []


def _ours(name, type_, parents):
    del parents
    return type_ != "table" or name in metadata.tables


async def test_what_was_there_already_is_not_counted_as_new(database):
    names = metadata.tables["names"]

    new = [await database.write(lambda db: insert_new(db, names, ROW)) for _ in range(3)]

    assert new == [1, 0, 0]


async def test_opening_it_again_changes_nothing(database, tmp_path):
    again = open_database(tmp_path, database.url.render_as_string(hide_password=False))
    tables = await again.read(lambda db: sa.inspect(db).get_table_names())
    again.close()

    assert set(metadata.tables) <= set(tables)


async def test_sqlite_writes_ahead_and_waits_for_the_disk(tmp_path):
    database = open_database(tmp_path, None)
    durable = database.durable_engine()

    for engine in (database.engine, durable):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2

    durable.dispose()
    database.close()


async def test_what_is_kept_is_its_owners_only_whatever_the_home_allows(tmp_path):
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    try:
        database = open_database(tmp_path, None)
        await database.write(lambda db: db.execute(sa.insert(metadata.tables["names"]), [ROW]))
        rights = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        database.close()
    finally:
        os.umask(before)

    assert rights == dict.fromkeys(("b1bridge.db", "b1bridge.db-wal", "b1bridge.db-shm"), 0o600)


def test_a_python_whose_sqlite_is_too_old_is_refused_in_words():
    with pytest.raises(Unsupported, match=r"SQLite 3\.40\.1 is too old for Python 3\.12"):
        _check_sqlite((3, 12), (3, 40, 1))

    _check_sqlite((3, 12), (3, 42, 0))
    _check_sqlite((3, 11), (3, 40, 1))
