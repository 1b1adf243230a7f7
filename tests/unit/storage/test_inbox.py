"""Notices that come in at the same time."""

import asyncio
from datetime import UTC, datetime

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.engine.lanes import Lanes
from b1bridge.engine.records import Sync
from b1bridge.engine.store import Delivery
from b1bridge.storage.inbox import StoredInbox
from b1bridge.storage.opening import open_database
from b1bridge.storage.queueing import Queue
from b1bridge.storage.syncs import StoredSyncs

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


SYNC = Sync(name="eu", flow="order-to-invoice", source="shop", target="sap")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def inbox(request, tmp_path):
    """An inbox of a shop whose orders are watched."""
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(tmp_path, url)
    queue = Queue(lambda *_, **__: None, Lanes())
    await StoredSyncs(database, queue).add(SYNC, "order", NOW)
    yield StoredInbox(database, queue, {})
    database.close()


def deliveries(sender, batch):
    """Return notices of many orders, in the order of their numbers."""
    return [
        Delivery(f"{sender} {batch} {n}", Ref("shop", "order", f"{batch}-{n}")) for n in range(100)
    ]


async def test_the_same_notices_in_another_order_at_once_are_stored_once(inbox):
    for batch in range(5):
        told = deliveries("hook", batch)

        accepted = await asyncio.gather(
            inbox.accept("shop", told, NOW), inbox.accept("shop", told[::-1], NOW)
        )

        assert sum(one.new for one in accepted) == len(told)


async def test_other_notices_of_the_same_records_at_once_are_stored_too(inbox):
    for batch in range(5):
        told, again = deliveries("hook", batch), deliveries("look", batch)

        accepted = await asyncio.gather(
            inbox.accept("shop", told, NOW), inbox.accept("shop", again[::-1], NOW)
        )

        assert sum(one.new for one in accepted) == len(told) + len(again)
