"""What can wait never stands before what cannot; each record still has one run at a time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from b1bridge.bootstrap import Hub
from b1bridge.domain.identity import Ref
from b1bridge.engine.flow import Lane
from b1bridge.engine.lanes import Lanes
from b1bridge.engine.store import Delivery
from b1bridge.errors import NeedsOperator

pytestmark = pytest.mark.anyio
MANY = 2_000
SECOND = timedelta(seconds=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def parts(parts):
    """The flow of things is urgent, that of echoes is not."""
    flows = parts.flows()
    entry = replace(flows["thing-to-entry"], lane=Lane.ORDERS, then=())
    return replace(parts, flows=lambda: {**flows, entry.name: entry})


@pytest.fixture
async def hub(tmp_path, parts, furnish):
    async with await Hub.open(tmp_path, parts=parts) as hub:
        await furnish(hub)
        await hub.add_sync("echoes", flow="thing-to-echo", source="shop", target="books")
        yield hub


def noticed(kind, count=MANY):
    return [Delivery(f"{kind} {n}", Ref("shop", kind, str(n))) for n in range(count)]


def long_unchanged(count):
    return [(Ref("shop", "thing", str(n)), LONG_AGO) for n in range(count)]


async def taken_up(hub, ref):
    """Return how long the record's run lay in the queue."""
    async with asyncio.timeout(20):
        while True:
            for run in (await hub.trail(ref)).runs:
                if run.started_at is not None:
                    return run.started_at - run.queued_at
            await asyncio.sleep(0.02)


async def test_a_flood_of_what_can_wait_delays_nothing_urgent(hub, remote, notify, running):
    remote.slow = 0.05
    await hub._storage.inbox.accept("shop", noticed("echo"), datetime.now(UTC))  # noqa: SLF001
    await hub.start_worker()
    await running(hub)

    took = []
    for number in range(3):
        await notify(hub, f"d{number}", f"urgent{number}")
        took.append(await taken_up(hub, f"shop/thing/urgent{number}"))

    assert median(took) < SECOND
    assert (await hub.counts())["queued"] > MANY / 2


async def test_a_bulk_replay_leaves_hands_free_for_what_comes_in(hub, remote, notify, running):
    remote.slow = 0.5
    remote.changed = long_unchanged(MANY)
    await hub.start_worker()
    await hub.sync_now("entries", LONG_AGO)
    await running(hub)

    await notify(hub, "d1", "urgent")
    await notify(hub, "d2", str(MANY - 1))

    assert await taken_up(hub, "shop/thing/urgent") < SECOND
    assert await taken_up(hub, f"shop/thing/{MANY - 1}") < SECOND
    assert (await hub.counts())["queued"] > MANY / 2


async def test_a_bulk_replay_comes_to_its_end_without_a_schedule(hub, remote, settled):
    remote.changed = long_unchanged(60)
    await hub.start_worker(schedule=False, concurrency=4)

    await hub.sync_now("entries", LONG_AGO)
    await settled(hub)

    assert sorted(remote.entries) == sorted(f"shop/thing/{n}" for n in range(60))
    assert remote.most_at_once <= 2


async def test_many_cases_tried_again_leave_hands_free_too(hub, remote, notify, settled):
    remote.trouble["post"] = [NeedsOperator("closed", reason="PERIOD_LOCKED") for _ in range(30)]
    await hub.start_worker(schedule=False, concurrency=4)
    for number in range(30):
        await notify(hub, f"d{number}", str(number))
    await settled(hub)
    remote.slow, remote.most_at_once = 0.05, 0

    for case in await hub.cases():
        await hub.retry_case(case.id, "finance", slow=True)
    await settled(hub)

    assert await hub.cases() == []
    assert len(remote.entries) == len(set(remote.entries)) == 30
    assert remote.most_at_once <= 2


async def test_a_record_in_the_backlog_that_changes_is_run_once(hub, remote, notify, settled):
    remote.changed = long_unchanged(5)
    await hub.sync_now("entries", LONG_AGO)
    for _ in range(2):
        await hub.sync_now("entries", LONG_AGO)
    for number in range(5):
        await notify(hub, f"d{number}", str(number))

    await hub.start_worker(schedule=False)
    await settled(hub)

    assert len(await hub.runs(sync="entries")) == 5
    assert remote.read.count("3") == 1


def test_records_of_one_kind_share_the_most_urgent_lane(parts):
    flows = parts.flows()
    follower = replace(flows["thing-to-echo"], on="thing")
    lanes = Lanes([follower, flows["thing-to-entry"], flows["sweep"]], looks=("look",))

    assert lanes.of("thing-to-echo", Ref("shop", "thing", "1")) is Lane.ORDERS
    assert lanes.of("thing-to-entry", Ref("shop", "thing", "1")) is Lane.ORDERS
    assert lanes.of("unknown", Ref("shop", "other", "1")) is Lane.RECORDS
    assert lanes.of("sweep", Ref("shop", "all", "sweep")) is Lane.SWEEPS
    assert lanes.of("look", Ref("shop", "all", "thing")) is Lane.LOOKS
