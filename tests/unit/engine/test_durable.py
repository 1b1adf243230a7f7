"""The contract with DBOS: each private call we make, and each promise we lean on."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from b1bridge.domain.identity import Ref
from b1bridge.engine import durable
from b1bridge.engine.durable import Durable
from b1bridge.engine.flow import Lane
from b1bridge.storage.database import Database
from b1bridge.testing.crashes import Crash

pytestmark = pytest.mark.anyio


class Bench:
    """A durable engine over one database, and a record of what it executed."""

    def __init__(self, url):
        self.database = Database(url)
        self.engine = self.database.durable_engine()
        durable.migrate(self.engine)
        self.done = []

    def durable(self, executor="one"):
        return Durable(self.database.durable_engine(), executor, poll=0.02)

    def put(self, on, *ids, ref=None, commit=True):
        with self.database.engine.connect() as connection, connection.begin() as transaction:
            for id_ in ids:
                on.enqueue(
                    connection,
                    run=id_,
                    attempt=1,
                    ref=ref or Ref("shop", "order", id_),
                    lane=Lane.RECORDS,
                )
            if not commit:
                transaction.rollback()

    async def execute(self, run, attempt):
        self.done.append((run, attempt))
        return "done"

    async def until(self, number, seconds=20):
        async with asyncio.timeout(seconds):
            while len(self.done) < number:  # noqa: ASYNC110  # another thread fills it
                await asyncio.sleep(0.02)

    def states(self):
        schema = "" if self.database.is_sqlite else "dbos."
        query = f"SELECT workflow_uuid, status FROM {schema}workflow_status"  # noqa: S608  # ours
        with self.engine.connect() as connection:
            return dict(connection.execute(sa.text(query)).all())

    def close(self):
        self.engine.dispose()
        self.database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bench(request, tmp_path):
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/d.db" if sqlite else request.getfixturevalue("postgres_url")
    bench = Bench(url)
    yield bench
    bench.close()


async def test_what_is_enqueued_in_a_transaction_runs_when_it_commits(bench):
    engine = bench.durable()
    engine.set_up(concurrency=4)
    bench.put(engine, "a", "b")
    bench.put(engine, "c", commit=False)

    engine.launch(bench.execute)
    await bench.until(2)
    await engine.stop(5)
    engine.close()

    assert sorted(bench.done) == [("a", 1), ("b", 1)]
    assert bench.states() == {"a.0001": "SUCCESS", "b.0001": "SUCCESS"}


async def test_runs_of_one_record_keep_their_order_whatever_the_clock(bench):
    engine = bench.durable()
    engine.set_up(concurrency=8)
    ids = [f"{number:04d}" for number in range(30)]
    bench.put(engine, *ids, ref=Ref("shop", "order", "812"))

    engine.launch(bench.execute)
    await bench.until(30, 60)
    await engine.stop(5)
    engine.close()

    assert [run for run, _ in bench.done] == ids


async def test_a_step_that_was_remembered_is_not_repeated_after_a_death(bench):
    engine = bench.durable()
    engine.set_up(concurrency=4)
    bench.put(engine, "a")
    steps = []

    async def first():
        steps.append("first")
        return {"v": 1}

    async def dies(run, attempt):
        del attempt
        await engine.step("first", first)
        bench.done.append(run)
        raise Crash

    async def lives(run, attempt):
        bench.done.append((run, attempt, await engine.step("first", first)))
        return "done"

    engine.launch(dies)
    await bench.until(1)
    await engine.stop(5)
    assert bench.states() == {"a.0001": "PENDING"}
    engine.launch(lives)
    await bench.until(2)
    await engine.stop(5)
    engine.close()

    assert steps == ["first"]
    assert bench.done[1] == ("a", 1, {"v": 1})


async def test_what_a_dead_executor_had_taken_up_is_queued_again(bench):
    dead, alive = bench.durable("dead"), bench.durable("alive")
    dead.set_up(concurrency=4)
    bench.put(dead, "a")
    forever = asyncio.Event()

    async def never_ends(run, attempt):
        bench.done.append((run, attempt))
        await forever.wait()
        return "done"

    dead.launch(never_ends)
    await bench.until(1)
    await dead.stop(0.1)
    dead.close()

    alive.launch(bench.execute)
    recovered = await alive.recover(["dead"])
    await bench.until(2)
    again = await alive.recover(["dead"])
    await alive.stop(5)
    alive.close()

    assert (recovered, again) == (1, 0)
    assert bench.done == [("a", 1), ("a", 1)]


async def test_an_attempt_that_ended_in_an_error_is_told_and_can_be_dropped(bench):
    engine = bench.durable()
    engine.set_up(concurrency=4)
    bench.put(engine, "a")

    async def fails(run, attempt):
        bench.done.append((run, attempt))
        msg = "the database went away"
        raise OSError(msg)

    engine.launch(fails)
    await bench.until(1)
    async with asyncio.timeout(10):
        while not (stuck := await engine.stuck()):  # noqa: ASYNC110  # a thread writes it
            await asyncio.sleep(0.02)
    await engine.drop(stuck)
    left = await engine.stuck()
    await engine.stop(5)
    engine.close()

    assert stuck == [("a", 1, False)]
    assert left == []


async def test_finished_attempts_are_forgotten_in_batches(bench):
    engine = bench.durable()
    engine.set_up(concurrency=4)
    bench.put(engine, "a", "b", "c")
    engine.launch(bench.execute)
    await bench.until(3)
    async with asyncio.timeout(10):
        while set(bench.states().values()) != {"SUCCESS"}:  # noqa: ASYNC110  # a thread writes it
            await asyncio.sleep(0.02)

    soon = datetime.now(UTC) + timedelta(minutes=1)
    early = await engine.forget(soon - timedelta(hours=1))
    batches = [await engine.forget(soon, batch=2) for _ in range(3)]
    await engine.stop(5)
    engine.close()

    assert early == 0
    assert batches == [2, 1, 0]
    assert bench.states() == {}


async def test_nothing_in_the_database_is_pickled(tmp_path):
    bench = Bench(f"sqlite:///{tmp_path}/d.db")
    engine = bench.durable()
    engine.set_up(concurrency=4)
    bench.put(engine, "a")

    async def execute(run, attempt):
        await engine.step("read", lambda: _value({"total": "10.00"}))
        bench.done.append((run, attempt))
        return "done"

    engine.launch(execute)
    await bench.until(1)
    await engine.stop(5)
    engine.close()
    bench.close()

    with sqlite3.connect(tmp_path / "d.db") as db:
        [kind] = db.execute("SELECT serialization FROM workflow_status").fetchone()
        [output] = db.execute("SELECT output FROM operation_outputs").fetchone()
    db.close()
    assert kind == "b1bridge_json"
    assert output == '{"total":"10.00"}'


async def _value(value):
    return value


def test_a_record_stays_in_its_lane_and_there_are_few_lanes():
    lanes = {durable.bucket(Ref("shop", "order", str(number))) for number in range(5000)}

    assert durable.bucket(Ref("shop", "order", "812")) == durable.bucket(
        Ref("shop", "order", "812")
    )
    assert len(lanes) == 128


def test_the_name_of_an_attempt_can_be_read_back():
    assert durable.attempt_of(durable.workflow_id("00ab.c", 12)) == ("00ab.c", 12)
