"""Every notice comes to an end that can be named: done, in a case, or with nothing to do."""

import random

import pytest
import sqlalchemy as sa

from b1bridge.engine.records import Fate
from b1bridge.storage.tables import cases

pytestmark = pytest.mark.anyio


async def test_whatever_is_noticed_is_done_or_in_a_case_or_had_nothing_to_do(
    hub, seller, sap, clock, sold, knock, settled
):
    began = clock()
    good = sold(12)
    bad, offered = [seller.sells("GONE")], [seller.offers()]
    knocks = (good + bad + offered) * 3
    random.Random(3).shuffle(knocks)  # noqa: S311 - an order of arrival, not a secret
    sap.lose_reply(seller.document, nth=2, times=2)

    await knock(knocks[:20])
    await hub.start_worker()
    await knock(knocks[20:])
    await settled()
    await hub.sync_now("sales")
    await settled()

    fates = await hub.fates(began)
    assert fates[Fate.LOST] == fates[Fate.UNDER_WAY] == fates[Fate.UNREADABLE] == 0
    assert fates[Fate.DONE] >= 3 * len(good)
    assert fates[Fate.IN_CASE] >= 3 * len(bad)
    assert sum(fates.values()) >= len(knocks)


async def test_a_run_that_nobody_will_take_up_again_counts_as_lost(
    hub, seller, clock, knock, settled
):
    sale = seller.sells("GONE")
    began = clock()
    await knock([sale])
    await hub.start_worker(schedule=False)
    await settled()
    assert (await hub.fates(began))[Fate.IN_CASE] == len(seller.letters(sale))

    # No way of the hub leads here: the case is torn out by hand.
    await hub._storage.database.write(lambda db: db.execute(sa.delete(cases)))  # noqa: SLF001

    assert (await hub.fates(began))[Fate.LOST] == len(seller.letters(sale))
