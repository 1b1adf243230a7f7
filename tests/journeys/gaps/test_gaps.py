"""Notices that never came, hooks that went dead, records that left the list: nothing is missing."""

import random

import pytest

from b1bridge.engine.sweeping import NAME

pytestmark = pytest.mark.anyio


async def swept(hub, seller, settled):
    """Sweep, and return what came of it, whatever it cost."""
    await hub.sweep()
    await settled()
    (run,) = await hub.runs(sync=f"{NAME}/{seller.name}", limit=1)
    return {name: figure for name, figure in run.figures.items() if name != "cost"}


async def test_of_notices_of_which_one_in_twenty_is_lost_none_is_missing_after_one_sweep(
    hub, seller, clock, sold, knock, settled, booked
):
    sales = sold(40)
    lost = set(random.Random(5).sample(sales, 2))  # noqa: S311 - a loss, not a secret
    clock.forward(seconds=5)
    await hub.start_worker(schedule=False)
    await knock([sale for sale in sales if sale not in lost])
    await settled()
    assert len(booked()) == 38
    clock.forward(minutes=10)

    assert await swept(hub, seller, settled) == {"found": 40, "gaps": 2}

    assert booked() == sales
    assert (await hub.counts())["gaps fetched"] == 2
    assert await swept(hub, seller, settled) == {"found": 40, "gaps": 0}


async def test_a_lost_notice_of_an_edit_is_a_gap_although_the_sale_is_known(
    hub, seller, clock, sold, knock, settled
):
    (sale,) = sold(1)
    clock.forward(seconds=5)
    await hub.start_worker(schedule=False)
    await knock([sale])
    await settled()
    clock.forward(minutes=10)
    seller.edits(sale)
    clock.forward(minutes=10)

    assert (await swept(hub, seller, settled))["gaps"] == 1


async def test_a_sale_that_left_the_list_is_looked_at_once_more(
    hub, seller, clock, sold, knock, settled
):
    (sale,) = sold(1)
    clock.forward(seconds=5)
    await hub.start_worker(schedule=False)
    await knock([sale])
    await settled()
    clock.forward(minutes=10)
    seller.puts_away(sale)
    clock.forward(minutes=10)

    assert await swept(hub, seller, settled) == {"found": 0, "gaps": 1}
    assert await swept(hub, seller, settled) == {"found": 0, "gaps": 0}
    story = await hub.trail(str(seller.ref(sale)))
    assert "left the list" in " ".join(entry.detail for entry in story.entries)


async def test_one_that_waits_for_a_person_is_no_gap(hub, seller, clock, knock, settled):
    sale = seller.sells("GONE")
    clock.forward(seconds=5)
    await hub.start_worker(schedule=False)
    await knock([sale])
    await settled()
    (case,) = await hub.cases()
    clock.forward(minutes=10)

    assert (await swept(hub, seller, settled))["gaps"] == 0
    assert await hub.cases() == [case]


async def test_a_notice_sent_again_after_thirty_days_changes_nothing(
    hub, seller, clock, sold, settled, booked
):
    (sale,) = sold(1)
    headers, body = seller.letters(sale)[0]
    await hub.start_worker()
    first = await hub.accept(seller.name, headers, body, clock())
    await settled()
    runs = len(await hub.runs(limit=1000))

    sent = clock()
    clock.forward(days=30)
    await settled()
    again = await hub.accept(seller.name, headers, body, sent)
    await settled()

    assert (first.new, again.new, again.duplicates) == (1, 0, 1)
    assert booked() == [sale]
    assert len(await hub.runs(sync="sales")) <= runs
