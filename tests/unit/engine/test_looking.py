"""Notices get lost, so sources are looked through; once each, however long we were away."""

import asyncio
from datetime import timedelta

import pytest

from b1bridge.bootstrap import Hub
from b1bridge.domain.identity import Ref
from b1bridge.engine.looking import NAME, OVERLAP
from b1bridge.errors import Transient
from b1bridge.testing.clocks import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def hub(tmp_path, parts, clock, furnish):
    async with await Hub.open(tmp_path, parts=parts, clock=clock) as hub:
        await furnish(hub)
        yield hub


async def looks(hub):
    return await hub.runs(sync=f"{NAME}/shop", state="finished")


async def looked(hub, settled, times):
    async with asyncio.timeout(30):
        while len(await looks(hub)) < times:  # noqa: ASYNC110  # the clock starts them
            await asyncio.sleep(0.02)
    await settled(hub)


async def test_a_record_whose_notice_was_lost_is_found(hub, remote, clock, settled):
    await hub.start_worker()
    await looked(hub, settled, 1)
    remote.changed = [(Ref("shop", "thing", "1"), clock())]

    clock.forward(minutes=6)
    await looked(hub, settled, 2)

    assert remote.entries == ["shop/thing/1"]


async def test_a_record_that_has_not_changed_is_not_run_again(hub, remote, clock, settled):
    remote.changed = [(Ref("shop", "thing", "1"), clock() - timedelta(minutes=1))]
    await hub.start_worker()
    await looked(hub, settled, 1)

    clock.forward(minutes=6)
    await looked(hub, settled, 2)

    assert len(await hub.runs()) == 1


async def test_after_hours_away_there_is_one_look_from_where_we_stopped(
    hub, remote, clock, settled
):
    await hub.start_worker()
    await looked(hub, settled, 1)
    await hub.stop_worker()
    stopped = clock()
    remote.changed = [(Ref("shop", "thing", str(n)), stopped) for n in range(3)]

    clock.forward(hours=2)
    await hub.start_worker()
    await looked(hub, settled, 2)

    assert len(await looks(hub)) == 2
    assert remote.seen_since.count(stopped - OVERLAP) == 2
    assert len(remote.entries) == 3


async def test_two_syncs_of_one_source_share_a_look(hub, settled):
    await hub.add_sync("again", flow="thing-to-entry", source="shop", target="books")
    await hub.start_worker()

    await looked(hub, settled, 1)

    assert len(await looks(hub)) == 1


async def test_working_runs_off_starts_no_look_that_is_due(hub, remote, clock, notify, settled):
    remote.changed = [(Ref("shop", "thing", "2"), clock())]
    await hub.start_worker(schedule=False)

    await notify(hub, "d1", "1")
    await settled(hub)
    await hub.stop_worker()

    assert remote.entries == ["shop/thing/1"]
    assert await hub.runs(sync=f"{NAME}/shop") == []


async def test_a_look_that_fails_moves_no_watermark(hub, remote, clock, settled):
    await hub.start_worker()
    await looked(hub, settled, 1)
    remote.changed = [(Ref("shop", "thing", "1"), clock())]
    remote.trouble["list"] = [Transient("down")]

    clock.forward(minutes=6)
    async with asyncio.timeout(30):
        while remote.trouble["list"]:  # noqa: ASYNC110  # the fake is used up by the look
            await asyncio.sleep(0.02)
    clock.forward(minutes=6)
    await looked(hub, settled, 2)

    started = remote.seen_since[0]
    assert remote.seen_since.count(started) == 3
    assert remote.entries == ["shop/thing/1"]
