"""Answers that are lost, workers that stop, a hub that forgets: every sale is one document."""

import asyncio
from datetime import timedelta

import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.testing.patience import QUICK

pytestmark = pytest.mark.anyio


async def passes(hub, clock):
    """Let time go by, for what is tried again waits for its hour."""
    async with asyncio.timeout(60):
        while not await hub.idle():
            clock.forward(seconds=0.2)
            await asyncio.sleep(0.02)


async def test_answers_lost_on_either_side_double_nothing(
    hub, seller, lines, clock, sold, knock, booked
):
    sales = sold(6)
    await hub.start_worker(schedule=False)
    for few in (sales[:3], sales[3:]):
        for line in lines.values():
            line.lose_reply()
        await knock(few)
        await passes(hub, clock)

    assert await hub.cases() == []
    assert booked() == sales
    assert all(not line.faults for line in lines.values())
    assert [seller.noted(sale) for sale in sales] == [True] * 6


async def test_a_hub_that_stops_in_the_middle_goes_on_where_it_was(
    hub, sold, knock, settled, booked
):
    sales = sold(8)
    await knock(sales)
    await hub.start_worker(concurrency=2, schedule=False)
    while not booked():  # noqa: ASYNC110 - watched from outside
        await asyncio.sleep(0.01)
    await hub.stop_worker()

    await hub.start_worker(schedule=False)
    await settled()

    assert booked() == sales


async def test_all_worked_off_again_writes_nothing(
    hub, seller, sold, knock, settled, writes, clock
):
    sales = sold(6)
    await knock(sales)
    await hub.start_worker(schedule=False)
    await settled()
    clock.forward(minutes=10)
    before = writes()

    for sale in sales:
        seller.edits(sale)
    await knock(sales)
    for sync in seller.syncs:
        await hub.sync_now(sync, None)
    await settled()

    assert before
    assert writes() == before


async def test_a_hub_that_lost_its_memory_finds_all_of_it_done(
    hub, tmp_path, clock, seller, lines, sold, knock, writes
):
    sales = sold(6)
    await knock(sales)
    await hub.start_worker(schedule=False)
    await passes(hub, clock)
    await hub.stop_worker()
    before = writes()

    parts = Parts(patience=QUICK)
    home = tmp_path / "new"
    async with await Hub.open(home, transports=lines, parts=parts, clock=clock) as fresh:
        await seller.connects(fresh)
        set_up = writes()[len(before) :]
        await fresh.start_worker(schedule=False)
        for sync in seller.syncs:
            await fresh.sync_now(sync, clock() - timedelta(days=2))
        await passes(fresh, clock)
        assert await fresh.cases() == []

    assert writes() == [*before, *set_up]
    assert seller.booked() == sales
