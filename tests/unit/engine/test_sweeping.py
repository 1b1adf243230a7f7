"""A sweep reads a whole window again and fetches what never arrived, however it got lost."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.bootstrap import Hub
from b1bridge.domain.identity import Ref
from b1bridge.engine.looking import NAME as LOOK
from b1bridge.engine.looking import OVERLAP
from b1bridge.engine.sweeping import DAY, MONTH, NAME, Known, is_gap
from b1bridge.testing.clocks import Clock

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def thing(number):
    return Ref("shop", "thing", str(number))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def hub(tmp_path, parts, clock, furnish):
    """A hub that has watched the shop for an hour; nothing looks or sweeps by itself."""
    async with await Hub.open(tmp_path, parts=parts, clock=clock) as hub:
        await furnish(hub)
        await hub.start_worker(schedule=False)
        await hub.sync_now("entries")
        clock.forward(hours=1)
        yield hub


@pytest.fixture
def sweep(hub, settled):
    async def swept(window=DAY):
        await hub.sweep(window)
        await settled(hub)
        (run,) = await hub.runs(sync=f"{NAME}/shop", limit=1)
        return run.figures

    return swept


async def test_what_no_notice_told_of_is_fetched_once(hub, remote, clock, sweep):
    remote.changed = [(thing(n), clock() - timedelta(minutes=30)) for n in range(250)]

    assert await sweep() == {"found": 250, "gaps": 250}
    assert await sweep() == {"found": 250, "gaps": 0}
    assert sorted(remote.entries) == sorted(str(thing(n)) for n in range(250))
    assert (await hub.counts())["gaps fetched"] == 250


async def test_the_trail_tells_that_no_notice_came(hub, remote, clock, sweep):
    remote.changed = [(thing(7), clock() - timedelta(minutes=30))]
    await sweep()

    story = await hub.trail("shop/thing/7")

    assert story.entries[0].did == "fetch"
    assert "no notice of it ever came" in story.entries[0].detail


async def test_what_a_notice_told_of_is_no_gap(hub, remote, clock, sweep, settled):
    remote.changed = [(thing(1), clock() - timedelta(minutes=3))]
    headers = {"signed": "yes"}
    await hub.accept("shop", headers, b"d1 1", clock() - timedelta(minutes=3, seconds=-1))
    await settled(hub)

    assert await sweep() == {"found": 1, "gaps": 0}
    assert remote.read == ["1"]


async def test_a_change_just_made_may_still_be_on_its_way(remote, clock, sweep):
    remote.changed = [(thing(1), clock() - timedelta(seconds=20))]

    assert await sweep() == {"found": 1, "gaps": 0}


async def test_nothing_from_before_the_shop_was_watched_is_fetched(remote, clock, sweep):
    remote.changed = [(thing(1), clock() - timedelta(hours=2))]

    assert await sweep(MONTH) == {"found": 0, "gaps": 0}


async def test_a_record_that_is_listed_late_is_behind_the_watermark_and_still_found(
    hub, remote, clock, sweep, settled
):
    late = (thing(1), clock() - timedelta(minutes=40))
    remote.changed = [(thing(2), clock() - timedelta(minutes=10))]
    await hub.sync_now("entries")
    remote.changed = [late, *remote.changed]
    await hub.sync_now("entries")
    await settled(hub)
    assert remote.entries == ["shop/thing/2"]

    assert (await sweep())["gaps"] == 1
    assert "shop/thing/1" in remote.entries


async def test_the_nightly_sweep_reaches_further_back_than_a_day(remote, clock, sweep):
    late = (thing(1), clock() - timedelta(minutes=10))
    clock.forward(days=3)
    remote.changed = [late]

    assert (await sweep(DAY))["gaps"] == 0
    assert (await sweep(MONTH))["gaps"] == 1


async def test_a_date_in_the_future_does_not_hide_what_changes_until_then(
    hub, remote, clock, settled
):
    remote.changed = [(thing(1), clock() + timedelta(days=400))]
    await hub.sync_now("entries")
    clock.forward(hours=1)
    remote.changed = [(thing(2), clock()), *remote.changed]

    await hub.sync_now("entries")
    await settled(hub)

    assert sorted(remote.entries) == ["shop/thing/1", "shop/thing/2"]
    assert len(await hub.runs(sync="entries")) == 2


async def test_a_hub_looks_and_sweeps_by_itself(hub, remote, clock, settled):
    remote.changed = [(thing(1), clock() - timedelta(minutes=30))]
    await hub.stop_worker()

    await hub.start_worker()
    async with asyncio.timeout(20):
        while not remote.entries:  # noqa: ASYNC110  # the hub starts it
            await asyncio.sleep(0.02)
    await settled(hub)

    assert len(await hub.runs(sync=f"{NAME}/shop")) == 2
    assert len(await hub.runs(sync=f"{LOOK}/shop")) == 1
    assert remote.entries == ["shop/thing/1"]


KNOWN = {
    "a stranger": (Known(), True),
    "told of before it changed": (Known(told_at=NOON - timedelta(seconds=1)), True),
    "told of after it changed": (Known(told_at=NOON + timedelta(seconds=1)), False),
    "about to be read": (Known(under_way=True), False),
    "seen as it stands": (Known(frozenset({NOON.isoformat()})), False),
    "told of by a slow clock, but seen as it was before": (
        Known(frozenset({"2026-11-02T11:00:00+00:00"}), told_at=NOON + timedelta(minutes=1)),
        True,
    ),
    "told of so late that no clock explains it": (
        Known(frozenset({"2026-11-02T11:00:00+00:00"}), told_at=NOON + OVERLAP),
        False,
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_gap_is_what_nobody_told_of(name):
    known, gap = KNOWN[name]

    assert is_gap(NOON, known) is gap
