"""What becomes of runs that neither ended nor can go on by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from b1bridge.domain.identity import Ref
from b1bridge.engine.breaker import Breakers
from b1bridge.engine.records import State
from b1bridge.engine.store import Settlement
from b1bridge.engine.timekeeper import Timekeeper
from b1bridge.storage.executors import forget_runs
from b1bridge.storage.opening import open_database, open_storage
from b1bridge.testing.clocks import Clock

pytestmark = pytest.mark.anyio
THING, OTHER = Ref("shop", "thing", "1"), Ref("shop", "thing", "2")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queued():
    return []


@pytest.fixture
async def storage(tmp_path, clock, queued, sync):
    def enqueue(connection, *, run, attempt, ref, lane, slow=False):
        del connection, ref, lane, slow
        queued.append((run, attempt))

    database = open_database(tmp_path, None)
    storage = open_storage(database, tmp_path, enqueue, clock)
    await storage.syncs.add(sync, "thing", clock())
    yield storage
    database.close()


async def waiting(storage, clock, ref, **facts):
    run = await storage.syncs.queue("entries", ref, "", clock())
    begun = await storage.runs.begin(run, 1, clock(), {})
    await storage.runs.settle(
        Settlement(run=begun.record, state=State.WAITING, at=clock(), **facts)
    )
    return run


async def test_an_attempt_that_broke_off_is_tried_again(storage, clock, queued):
    run = await storage.syncs.queue("entries", THING, "", clock())
    await storage.runs.begin(run, 1, clock(), {})

    await storage.runs.rescue(run, 1, clock(), poison=False)
    await storage.runs.wake_due(clock(), [])

    assert queued == [(run, 1), (run, 2)]


async def test_a_run_that_kills_its_process_each_time_ends_dead_with_a_case(storage, clock):
    run = await storage.syncs.queue("entries", THING, "", clock())
    await storage.runs.begin(run, 1, clock(), {})

    await storage.runs.rescue(run, 1, clock(), poison=True)
    await storage.runs.rescue(run, 1, clock(), poison=True)

    [case] = await storage.views.cases("open")
    assert (case.run, case.times) == (run, 1)
    assert (await storage.views.run(run)).state == "dead"


async def test_an_attempt_that_is_no_longer_the_newest_is_not_taken_up(storage, clock):
    run = await storage.syncs.queue("entries", THING, "", clock())

    assert await storage.runs.begin(run, 2, clock(), {}) is None
    assert await storage.runs.begin("unknown", 1, clock(), {}) is None


async def test_a_run_begun_twice_is_settled_once(storage, clock):
    run = await storage.syncs.queue("entries", THING, "", clock())
    one = await storage.runs.begin(run, 1, clock(), {})
    two = await storage.runs.begin(run, 1, clock(), {})

    for begun, outcome in ((one, "posted"), (two, "already there")):
        end = Settlement(run=begun.record, state=State.FINISHED, at=clock(), outcome=outcome)
        await storage.runs.settle(end)

    assert (await storage.views.run(run)).outcome == "posted"


async def test_of_the_runs_that_wait_for_a_system_one_goes_ahead(storage, clock, queued):
    due = {"due_at": clock(), "held_by": "books"}
    first = await waiting(storage, clock, THING, **due)
    second = await waiting(storage, clock, OTHER, **due)
    queued.clear()

    await storage.runs.wake_due(clock(), ["books"])
    assert queued == [(first, 2)]
    await storage.runs.wake_due(clock(), ["books"])
    assert queued == [(first, 2)]

    await storage.runs.release("books", clock())
    await storage.runs.wake_due(clock(), [])
    assert queued == [(first, 2), (second, 2)]


async def test_a_run_for_a_system_that_is_shut_out_waits_outside(storage, clock):
    run = await storage.syncs.queue("entries", THING, "", clock())
    until = clock() + timedelta(seconds=5)

    assert await storage.runs.begin(run, 1, clock(), {"books": until}) is None

    record = await storage.views.run(run)
    assert (record.state, record.held_by, record.due_at) == ("waiting", "books", until)


async def test_a_waiting_run_gives_way_to_a_newer_one_of_its_record(storage, clock, queued):
    old = await storage.syncs.queue("entries", THING, "", clock())
    begun = await storage.runs.begin(old, 1, clock(), {})
    new = await storage.syncs.queue("entries", THING, "", clock())
    await storage.runs.settle(
        Settlement(run=begun.record, state=State.WAITING, at=clock(), due_at=clock())
    )

    await storage.runs.wake_due(clock(), [])

    assert new != old
    assert queued == [(old, 1), (new, 1)]
    assert (await storage.views.run(old)).outcome == "skipped"


async def test_what_was_held_by_a_pause_that_is_over_becomes_due(storage, clock, queued):
    run = await waiting(storage, clock, THING, held_by="books")
    await storage.runs.wake_due(clock(), [])
    assert queued == [(run, 1)]

    await storage.connections.release_forgotten(clock())
    await storage.runs.wake_due(clock(), [])

    assert queued == [(run, 1), (run, 2)]


async def test_old_finished_runs_are_forgotten_and_waiting_ones_kept(storage, clock):
    kept = await waiting(storage, clock, OTHER)
    run = await storage.syncs.queue("entries", THING, "", clock())
    begun = await storage.runs.begin(run, 1, clock(), {})
    end = Settlement(run=begun.record, state=State.FINISHED, at=clock(), outcome="posted")
    await storage.runs.settle(end)

    clock.forward(days=91)
    gone = await forget_runs(storage.database, clock() - timedelta(days=90))

    assert gone == 1
    assert [record.id for record in await storage.views.runs(None, None, 9)] == [kept]


async def test_a_database_that_is_away_for_a_moment_does_not_stop_the_clock(clock):
    class Away:
        ticks = 0

        async def wake_due(self, now, probing):
            del now, probing
            self.ticks += 1
            if self.ticks == 1:
                raise OperationalError(None, None, OSError())
            raise StopAsyncIteration

    runs = Away()
    keeper = Timekeeper(
        clockwork=None, runs=runs, flows={}, breakers=Breakers(), clock=clock, beat=0.01
    )

    with pytest.raises((StopAsyncIteration, RuntimeError)):
        await keeper.keep()

    assert runs.ticks == 2
