"""Every notice comes to an end that can be named: done, in a case, or with nothing to do."""

import random

import pytest
import sqlalchemy as sa

from b1bridge.engine.records import Fate
from b1bridge.storage.tables import cases

pytestmark = pytest.mark.anyio


async def test_whatever_is_noticed_is_done_or_in_a_case_or_had_nothing_to_do(
    hub, store, sap, clock, ordered, knock, settled
):
    began = clock()
    good = ordered(12)
    bad = [store.shopper_orders([("GONE", 1, "9.00", "20")], email="a@example.com")]
    store.pays(bad[0])
    unpaid = [store.shopper_orders([("MUG", 1, "9.00", "20")], status_id=0)]
    knocks = (good + bad + unpaid) * 3 + [max(good) + 1000]
    random.Random(3).shuffle(knocks)  # noqa: S311 - an order of arrival, not a secret
    sap.lose_reply("Invoices", nth=2, times=2)
    customer = store.registers_customer("b@example.com")

    await knock(knocks[:20])
    await hub.start_worker()
    await knock(knocks[20:])
    await settled()
    await hub.sync_now("orders")
    await settled()

    fates = await hub.fates(began)
    assert customer
    assert fates[Fate.LOST] == fates[Fate.UNDER_WAY] == fates[Fate.UNREADABLE] == 0
    assert fates[Fate.DONE] >= 3 * len(good)
    assert fates[Fate.IN_CASE] >= 3 * len(bad)
    assert sum(fates.values()) >= len(knocks)


async def test_a_run_that_nobody_will_take_up_again_counts_as_lost(
    hub, store, clock, knock, settled
):
    order = store.shopper_orders([("GONE", 1, "9.00", "20")], email="a@example.com")
    store.pays(order)
    began = clock()
    await knock([order])
    await hub.start_worker(schedule=False)
    await settled()
    assert (await hub.fates(began))[Fate.IN_CASE] == 1

    # No way of the hub leads here: the case is torn out by hand.
    await hub._storage.database.write(lambda db: db.execute(sa.delete(cases)))  # noqa: SLF001

    assert (await hub.fates(began))[Fate.LOST] == 1
