"""Notices that never came, hooks that went dead, records that left the list: nothing is missing."""

import random

import pytest

from b1bridge.engine.sweeping import NAME

pytestmark = pytest.mark.anyio


async def swept(hub, settled):
    await hub.sweep()
    await settled()
    (run,) = await hub.runs(sync=f"{NAME}/shop", limit=1)
    return run.figures


async def test_of_notices_of_which_one_in_twenty_is_lost_none_is_missing_after_one_sweep(
    hub, clock, ordered, knock, settled, invoiced
):
    orders = ordered(40)
    lost = set(random.Random(5).sample(orders, 2))  # noqa: S311 - a loss, not a secret
    clock.forward(seconds=5)
    await hub.start_worker(schedule=False)
    await knock([order for order in orders if order not in lost])
    await settled()
    assert len(invoiced()) == 38
    clock.forward(minutes=10)

    assert await swept(hub, settled) == {"found": 40, "gaps": 2}

    assert invoiced() == orders
    assert (await hub.counts())["gaps fetched"] == 2
    assert await swept(hub, settled) == {"found": 40, "gaps": 0}


async def test_a_lost_notice_of_an_edit_is_a_gap_although_the_order_is_known(
    hub, store, clock, ordered, knock, settled
):
    (order,) = ordered(1)
    clock.forward(seconds=5)
    await hub.start_worker(schedule=False)
    await knock([order])
    await settled()
    clock.forward(minutes=10)
    store.edits(order, staff_notes="call before delivery")
    clock.forward(minutes=10)

    assert (await swept(hub, settled))["gaps"] == 1


async def test_an_order_that_left_the_list_is_looked_at_once_more(
    hub, store, clock, ordered, knock, settled
):
    (order,) = ordered(1)
    clock.forward(seconds=5)
    await hub.start_worker(schedule=False)
    await knock([order])
    await settled()
    clock.forward(minutes=10)
    store.archives(order)
    clock.forward(minutes=10)

    assert await swept(hub, settled) == {"found": 0, "gaps": 1}
    assert await swept(hub, settled) == {"found": 0, "gaps": 0}
    story = await hub.trail(f"shop/order/{order}")
    assert "left the list" in " ".join(entry.detail for entry in story.entries)


async def test_one_that_waits_for_a_person_is_no_gap(hub, store, clock, knock, settled):
    order = store.shopper_orders([("GONE", 1, "10.00", "20")], email="a@example.com")
    store.pays(order)
    clock.forward(seconds=5)
    await hub.start_worker(schedule=False)
    await knock([order])
    await settled()
    (case,) = await hub.cases()
    clock.forward(minutes=10)

    assert (await swept(hub, settled))["gaps"] == 0
    assert await hub.cases() == [case]


async def test_a_notice_sent_again_after_thirty_days_changes_nothing(
    hub, store, clock, ordered, settled, invoiced
):
    (order,) = ordered(1)
    headers, body = store.notice(order)
    await hub.start_worker()
    first = await hub.accept("shop", headers, body, clock())
    await settled()
    runs = len(await hub.runs(limit=1000))

    sent = clock()
    clock.forward(days=30)
    await settled()
    again = await hub.accept("shop", headers, body, sent)
    await settled()

    assert (first.new, again.new, again.duplicates) == (1, 0, 1)
    assert invoiced() == [order]
    assert len(await hub.runs(sync="orders")) <= runs
