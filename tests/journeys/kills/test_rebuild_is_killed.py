"""`b1bridge rebuild` is killed as it reads, and asked again: nothing is posted a second time."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from b1bridge.bootstrap import Hub
from b1bridge.demo.shop.settings import SHOP
from b1bridge.storage import tables

from .conftest import configure, world_in

KILLS = 20 if "B1BRIDGE_KILLS" in os.environ else 3
SLOW = {"Invoices": 0.7, "IncomingPayments": 0.7}
pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600)]


async def test_a_killed_rebuild_is_begun_again_and_nothing_is_posted_twice(
    mother, tmp_path, url, dice
):
    (tmp_path / "first").mkdir()
    async with world_in(mother, tmp_path / "first", None, 10) as world:
        await world.orders(10)
        await world.settles()
        known, before = await links_of(world.hub), await world.evidence()

        async with await anew(world, tmp_path / "second", url) as hub:
            for _ in range(KILLS):
                await slow_to_read(world)
                life = rebuilds(world, url)
                await asyncio.sleep(dice.uniform(0.1, sum(SLOW.values())))
                assert life.kill(), world.last_words()
            await world.no_trouble()
            assert await asyncio.to_thread(rebuilds(world, url).end) == 0, world.last_words()
            assert await links_of(hub) == known

            world.hub, world.url = hub, url
            await hub.sync_now("orders", datetime.now(UTC) - timedelta(days=30))
            await world.settles()
            after = await world.evidence()
            assert (after.documents, after.payments) == (before.documents, before.payments)
            assert (await hub.verify_audit()).broken_at is None


async def anew(world, home, url):
    """Open a hub that knows what an operator types, and nothing else."""
    home.mkdir()
    hub = await Hub.open(home, database_url=url, executor="parent")
    await configure(hub, world.books.chart, str(world.sap.base_url), str(world.shop_http.base_url))
    world.folder, world.hub = home, hub
    await world.switch_on()
    return hub


async def slow_to_read(world):
    """Let SAP take its time, so that a rebuild does not end before it is killed."""
    await world.no_trouble()
    for resource, seconds in SLOW.items():
        await world.trouble("delay", method="GET", resource=resource, seconds=seconds)


def rebuilds(world, url):
    """Start the command as a person does."""
    place = ["--home", str(world.folder), *(["--database-url", url] if url else [])]
    since = (datetime.now(UTC) - timedelta(days=30)).date()
    command = [*place, "rebuild", "--connection", SHOP, "--since", str(since)]
    return world.mother.bear(world.folder / "hub.log", command=command)


async def links_of(hub):
    """Return the links to documents; who is whom is looked up again when it is needed."""
    links = sa.select(tables.links.c.ref, tables.links.c.kind, tables.links.c.other)
    rows = await hub._storage.database.read(  # noqa: SLF001 - what no command shows
        lambda db: db.execute(links).all()
    )
    return sorted(tuple(row) for row in rows if row.kind not in {"customer", "business partner"})
