"""A write that never reported may still be under way: until that is over, nothing is written."""

import asyncio
from datetime import timedelta

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.engine.durable_run import DurableRun
from b1bridge.engine.records import State
from b1bridge.engine.retry import Patience, pause_after
from b1bridge.engine.store import Settlement
from b1bridge.errors import OutcomeUnknown, Rejected, Transient
from b1bridge.storage.opening import open_database, open_storage
from b1bridge.testing.clocks import Clock

pytestmark = pytest.mark.anyio
THING, OTHER = Ref("shop", "thing", "1"), Ref("shop", "thing", "2")
STEP = "post entry"
NO_ANSWER = "no answer came"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def storage(tmp_path, clock, sync):
    database = open_database(tmp_path, None)
    storage = open_storage(database, tmp_path, lambda *_, **__: None, clock)
    await storage.syncs.add(sync, "thing", clock())
    yield storage
    database.close()


async def taken_up(storage, clock, ref=THING):
    run = await storage.syncs.queue("entries", ref, "", clock())
    return await storage.runs.begin(run, 1, clock(), {})


class LateLedger:
    """Books that lose the first answer and do what was asked some time later."""

    longest_write = 0.6

    def __init__(self, ledger):
        self._ledger = ledger
        self.posted = 0
        self.late = None

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    async def find_entry(self, reference):
        return await self._ledger.find_entry(reference)

    async def post_entry(self, reference):
        self.posted += 1
        if self.posted == 1:
            self.late = asyncio.create_task(self._commit(reference))
            raise OutcomeUnknown(NO_ANSWER, system="books")
        return await self._ledger.post_entry(reference)

    async def _commit(self, reference):
        await asyncio.sleep(0.3)
        return await self._ledger.post_entry(reference)


@pytest.fixture
def late(parts):
    """Return the ledgers that the hub opened, each late once."""
    opened = []
    found = parts.connectors()
    build = found["ledger"].build

    def built(*arguments):
        opened.append(LateLedger(build(*arguments)))
        return opened[-1]

    object.__setattr__(found["ledger"], "build", built)
    object.__setattr__(parts, "connectors", lambda: found)
    return opened


async def test_what_is_committed_late_is_found_and_not_written_again(
    late, hub, remote, notify, settled
):
    await notify(hub, "d1", "1")
    await hub.start_worker()
    await settled(hub)

    [run] = await hub.runs()
    assert (run.state, run.outcome) == ("finished", "already there")
    assert remote.entries == ["shop/thing/1"]
    assert late[-1].posted == 1


async def test_a_second_run_of_the_record_waits_as_well(
    late, hub, remote, notify, settled, running
):
    remote.gate = asyncio.Event()
    await notify(hub, "d1", "1")
    await hub.start_worker()
    await running(hub)
    await notify(hub, "d2", "1")
    remote.gate.set()
    await settled(hub)

    assert remote.entries == ["shop/thing/1"]
    assert late[-1].posted == 1


async def test_a_write_under_way_when_its_process_died_counts_from_when_it_is_found(storage, clock):
    begun = await taken_up(storage, clock)
    await storage.runs.doubt(begun.record.id, {STEP: None})

    clock.forward(seconds=30)
    found = clock()
    again = await storage.runs.begin(begun.record.id, 1, clock(), {})
    clock.forward(seconds=30)
    once_more = await storage.runs.begin(begun.record.id, 1, clock(), {})

    assert begun.doubts == {}
    assert again.doubts == once_more.doubts == {STEP: found}


async def test_a_doubt_is_about_the_record_not_about_the_run(storage, clock):
    begun = await taken_up(storage, clock)
    await storage.runs.doubt(begun.record.id, {STEP: None})

    follower = await taken_up(storage, clock)
    stranger = await taken_up(storage, clock, OTHER)

    assert follower.record.id != begun.record.id
    assert follower.doubts == {STEP: clock()}
    assert stranger.doubts == {}


async def test_a_doubt_outlives_the_attempt_and_ends_with_the_run(storage, clock):
    begun = await taken_up(storage, clock)
    lost_at = clock()
    end = {"run": begun.record, "at": clock()}
    await storage.runs.settle(
        Settlement(state=State.WAITING, due_at=clock(), doubts={STEP: lost_at}, **end)
    )
    clock.forward(seconds=1)
    await storage.runs.wake_due(clock(), [])

    second = await storage.runs.begin(begun.record.id, 2, clock(), {})
    await storage.runs.settle(
        Settlement(run=second.record, at=clock(), state=State.FINISHED, outcome="posted")
    )

    assert second.doubts == {STEP: lost_at}
    assert (await taken_up(storage, clock)).doubts == {}


@pytest.mark.parametrize("error", [Rejected, Transient])
async def test_a_write_that_was_answered_leaves_no_doubt(error, late, hub, remote, notify, settled):
    await hub.open_connection("books")
    late[-1].posted, late[-1].longest_write = 1, 3600.0
    remote.trouble["post"] = [error("no", system="books")]
    await notify(hub, "d1", "1")
    await hub.start_worker()
    await settled(hub)

    for case in await hub.cases():
        await hub.retry_case(case.id, "finance")
    await settled(hub)

    assert remote.entries == ["shop/thing/1"]


class NoSteps:
    """Remembers nothing: every step is taken."""

    async def step(self, name, body):
        del name
        return await body()


@pytest.fixture
def attempt(storage, clock):
    """Return what begins an attempt that finds an earlier write in doubt for a minute."""

    async def begun():
        first = await taken_up(storage, clock)
        await storage.runs.doubt(first.record.id, {"post entry +1": clock()})
        run = await taken_up(storage, clock)
        made = DurableRun(
            run, steps=NoSteps(), memory=storage.memory, clock=clock, patience=Patience()
        )
        made.longest_write = 60.0
        return made

    return begun


async def nothing():
    return None


async def write(run):
    """Write under another name than the one in doubt, as a change that was worked out anew."""
    posted = []

    async def post():
        posted.append("entry +2")
        return "entry +2"

    await run.write_once("post entry +2", find=nothing, write=post)
    return posted


async def test_a_write_under_another_name_waits_for_the_one_in_doubt(attempt):
    run = await attempt()

    with pytest.raises(OutcomeUnknown, match=r"earlier 'post entry \+1'") as caught:
        await write(run)

    assert caught.value.retry_after == 60


async def test_what_was_read_while_in_doubt_is_not_acted_on_once_the_doubt_is_over(attempt, clock):
    run = await attempt()
    clock.forward(seconds=61)

    with pytest.raises(OutcomeUnknown):
        await write(run)


async def test_an_attempt_that_begins_after_the_doubt_writes(attempt, storage, clock):
    await attempt()
    clock.forward(seconds=61)
    run = DurableRun(
        await taken_up(storage, clock),
        steps=NoSteps(),
        memory=storage.memory,
        clock=clock,
        patience=Patience(),
    )
    run.longest_write = 60.0

    assert await write(run) == ["entry +2"]


def test_the_next_attempt_comes_when_the_doubt_is_over():
    error = OutcomeUnknown("SAP may still be at it", retry_after=90.0)

    pause = pause_after(1, error, Patience(unknown_pause=10.0))

    assert pause == timedelta(seconds=90)
