"""What a person has ignored stays ignored, until the record is another one."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from b1bridge.bootstrap import Hub
from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Outcome
from b1bridge.engine.looking import NAME
from b1bridge.errors import NeedsOperator
from b1bridge.testing.clocks import Clock

pytestmark = pytest.mark.anyio
THING = Ref("shop", "thing", "1")


async def asking(run, shelf, ledger, options):
    """Need a person for every version that is new."""
    del ledger, options
    version = await run.step("read", lambda: shelf.thing(run.ref))
    run.saw(version)
    if version == run.seen:
        return Outcome(Did.SKIPPED, "nothing has changed")
    msg = "no such item"
    raise NeedsOperator(msg)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def hub(tmp_path, parts, furnish, clock):
    flows = dict(parts.flows())
    flows["thing-to-entry"] = replace(flows["thing-to-entry"], body=asking)
    parts = replace(parts, flows=lambda: flows)
    async with await Hub.open(tmp_path, parts=parts, clock=clock) as hub:
        await furnish(hub)
        yield hub


@pytest.fixture
def change(remote):
    """Return how the thing is changed on the shelf."""

    def at(moment):
        remote.things["1"] = f"{moment.isoformat()} as it was"
        remote.changed = [(THING, moment)]

    return at


@pytest.fixture
async def case(hub, clock, change, notify, settled):
    """Return the case that a notice of the thing has opened."""
    await hub.start_worker()
    await looks(hub, settled, 1)
    change(clock() - timedelta(seconds=10))
    await notify(hub, "d1", "1")
    await settled(hub)
    [case] = await hub.cases()
    return case


@pytest.fixture
async def ignored(hub, case):
    """Let a person ignore it."""
    await hub.ignore_case(case.id, "a test order", "anna")


async def looks(hub, settled, times):
    async with asyncio.timeout(30):
        while len(await hub.runs(sync=f"{NAME}/shop", state="finished")) < times:  # noqa: ASYNC110  # the clock starts them
            await asyncio.sleep(0.02)
    await settled(hub)


async def looked(hub, clock, settled):
    """Let the schedule look through the source once more."""
    clock.forward(minutes=6)
    await looks(hub, settled, 2)


@pytest.mark.usefixtures("ignored")
async def test_a_notice_that_says_nothing_new_opens_no_case(hub, notify, settled):
    await notify(hub, "d2", "1")
    await settled(hub)

    assert await hub.cases() == []
    newest, *_ = await hub.runs()
    assert (newest.outcome, newest.reason) == ("skipped", "nothing has changed")


@pytest.mark.usefixtures("ignored")
async def test_a_look_at_the_unchanged_source_opens_no_case(hub, clock, settled):
    await looked(hub, clock, settled)

    assert await hub.cases() == []
    assert len(await hub.runs()) == 1


@pytest.mark.usefixtures("ignored")
async def test_a_record_that_has_changed_may_ask_again(hub, clock, change, settled):
    change(clock())

    await looked(hub, clock, settled)

    [case] = await hub.cases()
    assert ("no such item" in case.message, case.times) == (True, 1)


@pytest.mark.usefixtures("ignored")
async def test_a_person_who_thinks_better_of_it_has_it_looked_at_again(hub, settled):
    await hub.start("entries", THING, "anna")
    await settled(hub)

    assert len(await hub.cases()) == 1


async def test_a_case_that_nobody_ignored_asks_again_at_each_notice(hub, case, notify, settled):
    await notify(hub, "d2", "1")
    await settled(hub)

    [again] = await hub.cases()
    assert (again.id, again.times) == (case.id, 2)
