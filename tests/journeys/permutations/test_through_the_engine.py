"""Stories told side by side to one hub as it is: its engine, its database, its workers.

Notices are lost, doubled and late; in the end every order is heard of once more. The books must
be those of the same stories told one by one (test_any_permutation).

`B1BRIDGE_STORIES_DURABLE` tells more stories than the default.
"""

import asyncio
import os
import random
from collections import Counter
from decimal import Decimal

import httpx
import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.testing.clocks import Clock
from b1bridge.testing.patience import QUICK
from b1sim.world import World

from .hearing import (
    CARD,
    CROSSWALKS,
    FIRST,
    OPTIONS,
    THEN,
    books_of,
    hub_for,
    late,
    net_of,
    owed_for,
    stocks_up,
    swept,
)
from .stories import Shop, store_for, story

pytestmark = pytest.mark.anyio

STORIES = int(os.environ.get("B1BRIDGE_STORIES_DURABLE", "2"))


@pytest.fixture
def sap():
    with World(seed=False) as world:
        stocks_up(world)
        yield world


@pytest.fixture
def stores():
    """Open a store with gross prices and one with net prices, on one clock."""
    clock = Clock()
    return {name: store_for(gross=name == "gross", clock=clock) for name in ("gross", "net")}


@pytest.fixture
async def hub(tmp_path, stores, sap):
    transports = {name: httpx.ASGITransport(store.app) for name, store in stores.items()}
    transports["books"] = sap.transport()
    async with await Hub.open(tmp_path, transports=transports, parts=Parts(patience=QUICK)) as hub:
        books = sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
        await hub.add_connection("books", "sap-b1", books)
        for name, codes in CROSSWALKS.items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        for store in stores:
            await hub.add_connection(store, "bigcommerce", stores[store].settings())
            for flow in (FIRST, *THEN):
                ends = {"source": store, "target": "books", "options": OPTIONS.get(flow, {})}
                await hub.add_sync(f"{store} {flow}", flow=flow, **ends)
        await hub.start_worker()
        yield hub


async def knock(hub, name, shop):
    headers, body = shop.store.notice(shop.number)
    await hub.accept(name, headers, body, shop.clock())


async def rest(hub):
    async with asyncio.timeout(300):
        while not await hub.idle():  # noqa: ASYNC110 - watched from outside
            await asyncio.sleep(0.02)


async def told(hub, shops, stories, dice):
    """Let the acts of all stories happen, each story in its order, the stories in any."""
    waiting = [list(one.acts) for one in stories]
    while any(waiting):
        at = dice.choice([i for i, acts in enumerate(waiting) if acts])
        name, shop = shops[at]
        shop.tell(waiting[at].pop(0))
        for _ in range(dice.choice([0, 0, 1, 1, 2])):
            await knock(hub, name, shop)
        if dice.random() < 0.5:
            await rest(hub)


async def swept_by(hub, shops):
    """Look at every order again, and let a person retry what became a case on the way."""
    for name, shop in shops:
        await knock(hub, name, shop)
    await rest(hub)
    for _ in range(3):
        for case in await hub.cases():
            await hub.retry_case(case.id, "finance")
        await rest(hub)


async def alone(one):
    """Return how many pieces of each item a story takes, told by itself."""
    async with hub_for(one) as by_itself:
        await late(by_itself, one.acts, None)
        await swept(by_itself)
        return gone(by_itself.sap)


def gone(sap):
    left = books_of(sap).stock
    return Counter({item: 1000 - pieces for (item, _), pieces in left.items() if pieces != 1000})


async def test_stories_told_side_by_side_end_as_each_does_by_itself(hub, stores, sap):
    stories = [story(seed) for seed in range(STORIES)]
    dice = random.Random(STORIES)  # noqa: S311 - an order of events, not a secret
    named = ["gross" if one.gross else "net" for one in stories]
    shops = [
        (name, Shop(one, stores[name], stores[name].store.clock))
        for name, one in zip(named, stories, strict=True)
    ]

    await told(hub, shops, stories, dice)
    await swept_by(hub, shops)

    assert [(case.reason, case.message) for case in await hub.cases()] == []
    for (name, shop), one in zip(shops, stories, strict=True):
        assert net_of(sap, name, shop.number) == owed_for(shop), str(one)
    kept = sum((shop.received - shop.returned for _, shop in shops), Decimal(0))
    owing = sum((owed_for(shop) for _, shop in shops), Decimal(0))
    books = books_of(sap)
    assert (books.accounts[CARD], books.partners) == (kept, owing - kept)
    assert gone(sap) == sum([await alone(one) for one in stories], Counter())
