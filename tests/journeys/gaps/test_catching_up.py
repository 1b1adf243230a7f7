"""A hub that was away for two hours catches up with one run per schedule, doubling nothing."""

import asyncio
from collections import Counter

import pytest

from b1bridge.engine.looking import NAME as LOOK
from b1bridge.engine.records import Schedule

pytestmark = pytest.mark.anyio


async def quiet(settled):
    """Let the timekeeper look at the clock once more, and what it starts come to its end."""
    await asyncio.sleep(1.5)
    await settled()


async def test_two_hours_away_are_made_good_by_one_run_per_schedule(
    hub, seller, clock, sold, settled, booked
):
    schedules = [Schedule(every=60), Schedule(every=300), Schedule(cron="*/10 * * * *")]
    names = [*await seller.sweeps(hub, schedules), f"{LOOK}/{seller.name}"]
    await hub.start_worker()
    await quiet(settled)
    clock.forward(minutes=11)
    await quiet(settled)
    await hub.stop_worker()
    before = Counter({name: len(await hub.runs(sync=name, limit=1000)) for name in names})
    sales = sold(30)

    clock.forward(hours=2)
    await hub.start_worker()
    await quiet(settled)

    after = Counter({name: len(await hub.runs(sync=name, limit=1000)) for name in names})
    assert after - before == Counter(dict.fromkeys(names, 1))
    assert booked() == sales
