"""The audit trail says when somebody has been at it."""

import sqlite3
from datetime import UTC, datetime

import pytest

from b1bridge.engine.store import Note
from b1bridge.storage import audit
from b1bridge.storage.opening import open_database

pytestmark = pytest.mark.anyio
T0 = datetime(2026, 11, 2, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path):
    database = open_database(tmp_path, None)
    for number in range(5):
        notes = [
            Note(at=T0, actor="anna", did="retry", ref=f"shop/order/{number}", detail="é ✓"),
            Note(at=T0, actor="the hub", did="finished", milliseconds=12),
        ]
        await database.write(lambda db, notes=notes: audit.append(db, notes))
    yield database
    database.close()


def tampered(tmp_path, statement):
    with sqlite3.connect(tmp_path / "b1bridge.db") as db:
        db.execute(statement)
    db.close()


async def test_an_untouched_trail_holds(database):
    verdict = await audit.verify(database)

    assert (verdict.rows, verdict.broken_at) == (10, None)


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit SET detail = 'x' WHERE seq = 3", 3),
        ("UPDATE audit SET actor = 'bert' WHERE seq = 1", 1),
        ("UPDATE audit SET at = at + 1 WHERE seq = 4", 4),
        ("UPDATE audit SET milliseconds = 13 WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 6", 7),
        ("UPDATE audit SET seq = 99 WHERE seq = 10", 99),
        ("UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE seq = 8", 8),
    ],
)
async def test_the_first_row_that_was_touched_is_named(database, tmp_path, statement, row):
    tampered(tmp_path, statement)

    assert (await audit.verify(database)).broken_at == row


async def test_a_row_rehashed_by_a_forger_breaks_the_next_one(database):
    def forge(db):
        query = audit.audit.select().where(audit.audit.c.seq == 5)
        row = {**db.execute(query).mappings().one(), "detail": "forged"}
        del row["hash"]
        forged = {"detail": "forged", "hash": audit.hash_of(row)}
        db.execute(audit.audit.update().where(audit.audit.c.seq == 5).values(forged))

    await database.write(forge)

    verdict = await audit.verify(database)

    assert (verdict.broken_at, verdict.why) == (6, "it does not follow the row before it")


async def test_a_trail_longer_than_one_batch_is_walked_to_its_end(database, monkeypatch):
    monkeypatch.setattr(audit, "_BATCH", 3)

    assert (await audit.verify(database)).rows == 10


async def test_what_is_rolled_back_leaves_no_line(database):
    def fail(db):
        audit.append(db, [Note(at=T0, actor="anna", did="retry")])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)

    assert (await audit.verify(database)).rows == 10
