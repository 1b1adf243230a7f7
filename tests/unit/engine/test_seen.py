"""What a run has seen need not be looked at again, unless a person asks or it may have changed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from b1bridge.bootstrap import Hub
from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Did, Outcome
from b1bridge.engine.looking import NAME
from b1bridge.testing.clocks import Clock

pytestmark = pytest.mark.anyio

THING = Ref("shop", "thing", "1")


async def reading(run, shelf, ledger, options):
    """Note the version that the shelf states; say what the last run had seen."""
    del ledger, options
    version = await run.step("read", lambda: shelf.thing(run.ref))
    run.saw(version)
    return Outcome(Did.POSTED, f"after {run.seen or 'nothing'}")


async def following(run, shelf, ledger, options):
    del shelf, ledger, options
    run.saw("followed")
    return Outcome(Did.POSTED, f"after {run.seen or 'nothing'}")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def hub(tmp_path, parts, furnish, clock):
    flows = dict(parts.flows())
    flows["thing-to-entry"] = replace(flows["thing-to-entry"], body=reading)
    flows["thing-to-echo"] = replace(flows["thing-to-echo"], on="thing", body=following)
    parts = replace(parts, flows=lambda: flows)
    async with await Hub.open(tmp_path, parts=parts, clock=clock) as hub:
        await furnish(hub)
        yield hub


@pytest.fixture
async def told(hub, remote, clock, notify, settled):
    """Return how a notice of the thing is told, and what its runs say."""
    await hub.start_worker()
    await looks(hub, settled, 1)
    deliveries = iter(range(100))

    async def tell(changed=None):
        if changed is not None:
            remote.things["1"] = f"{changed.isoformat()} as it was"
            remote.changed = [(THING, changed)]
        clock.forward(seconds=10)
        await notify(hub, f"d{next(deliveries)}", "1")
        await settled(hub)
        return [run.reason for run in await hub.runs(sync="entries")]

    return tell


async def looks(hub, settled, times):
    async with asyncio.timeout(30):
        while len(await hub.runs(sync=f"{NAME}/shop", state="finished")) < times:  # noqa: ASYNC110  # the clock starts them
            await asyncio.sleep(0.02)
    await settled(hub)


async def looked(hub, clock, settled):
    clock.forward(minutes=6)
    await looks(hub, settled, 2)


async def test_a_run_is_told_what_the_last_one_has_seen(told, clock):
    changed = clock()

    await told(changed)
    reasons = await told()

    assert reasons == [f"after {changed.isoformat()} as it was", "after nothing"]


async def test_a_look_starts_nothing_for_what_a_notice_has_brought(
    hub, told, clock, settled, remote
):
    await told(clock())

    await looked(hub, clock, settled)

    assert remote.read == ["1"]


async def test_a_look_finds_what_changed_after_the_notice(hub, told, clock, settled, remote):
    await told(clock())
    remote.changed = [(THING, clock())]

    await looked(hub, clock, settled)

    assert remote.read == ["1", "1"]


async def test_what_was_read_in_the_second_of_its_change_is_looked_at_again(
    hub, told, clock, settled, remote
):
    await told(clock() + timedelta(seconds=9))

    await looked(hub, clock, settled)

    assert remote.read == ["1", "1"]


async def test_a_run_that_a_person_asks_for_looks_at_everything(hub, told, clock, settled):
    await told(clock())

    await hub.start("entries", THING, "finance")
    await settled(hub)

    newest, *_ = await hub.runs(sync="entries")
    assert newest.reason == "after nothing"


async def test_a_sync_that_is_declared_anew_looks_at_everything(hub, told, clock, furnish):
    await told(clock())
    await furnish(hub)

    newest, *_ = await told()

    assert newest == "after nothing"


async def test_what_follows_news_looks_at_everything(hub, told, clock):
    await hub.add_sync("echoes", flow="thing-to-echo", source="shop", target="books")

    await told(clock())
    await told()
    await told(clock())

    reasons = [run.reason for run in await hub.runs(sync="echoes")]
    assert reasons == ["after nothing", "after followed", "after nothing"]
