"""What shops were told to show, and which orders nobody has read yet."""

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.stock import Pushed, ShopStock
from b1bridge.engine.lanes import Lanes
from b1bridge.engine.records import Sync
from b1bridge.storage.links import StoredInFlight
from b1bridge.storage.opening import open_database
from b1bridge.storage.queueing import Queue
from b1bridge.storage.shown import StoredShownStock
from b1bridge.storage.syncs import StoredSyncs
from b1bridge.testing.clocks import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(tmp_path, url)
    yield database
    database.close()


async def test_the_last_figure_pushed_is_remembered_for_each_shop(database):
    clock = Clock()
    shown = StoredShownStock(database, clock)
    await shown.note("shop", [ShopStock("MUG", "1", 5), ShopStock("MUG", "2", 6)])
    first = clock()
    clock.forward(minutes=1)

    await shown.note("shop", [ShopStock("MUG", "1", 4)])
    await shown.note("other", [])

    assert await shown.last("shop") == {
        ("MUG", "1"): Pushed(4, clock()),
        ("MUG", "2"): Pushed(6, first),
    }
    assert await shown.last("other") == {}


async def test_a_look_for_missed_orders_is_no_unread_order(database):
    clock = Clock()
    syncs = StoredSyncs(database, Queue(lambda *_, **__: None, Lanes()))
    sync = Sync(name="orders", flow="order-to-invoice", source="shop", target="books")
    await syncs.add(sync, "order", clock())
    in_flight = StoredInFlight(database)

    await syncs.queue("orders", Ref("shop", "all", "order/3600"), "", clock())
    looking = await in_flight.unread()
    await syncs.queue("orders", Ref("shop", "order", "812"), "", clock())

    assert (looking, await in_flight.unread()) == (0, 1)
