"""Links, crosswalks, watermarks and stock in flight."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.storage.links import StoredCrosswalks, StoredInFlight, StoredLinks, StoredWatermarks
from b1bridge.storage.opening import open_database
from b1bridge.testing.clocks import Clock

pytestmark = pytest.mark.anyio
ORDER, INVOICE = Ref("shop", "order", "812"), Ref("sap", "invoice", "41")
T0 = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = open_database(tmp_path, url)
    yield database
    database.close()


async def test_a_link_is_known_from_both_sides(database):
    links = StoredLinks(database, Clock())

    await links.link(ORDER, INVOICE, number="10041")
    await links.link(ORDER, INVOICE, number="10041")

    assert await links.linked(ORDER, "invoice") == INVOICE
    assert await links.linked(INVOICE, "order") == ORDER
    assert await links.linked(ORDER, "payment") is None


async def test_of_several_records_of_a_kind_the_newest_is_meant(database):
    clock = Clock()
    links = StoredLinks(database, clock)
    await links.link(ORDER, INVOICE)
    clock.forward(minutes=1)

    await links.link(ORDER, Ref("sap", "invoice", "42"))

    assert await links.linked(ORDER, "invoice") == Ref("sap", "invoice", "42")


async def test_a_crosswalk_keeps_the_last_code_entered(database):
    crosswalks = StoredCrosswalks(database, Clock())

    await crosswalks.enter("tax", "20", "S1", "anna")
    await crosswalks.enter("tax", "20", "S2", "bert")

    assert (await crosswalks.crosswalk("tax")).codes == {"20": "S2"}
    assert (await crosswalks.crosswalk("freight")).codes == {}


async def test_a_watermark_never_moves_back(database):
    watermarks = StoredWatermarks(database)
    assert await watermarks.watermark("shop", "order") is None

    await watermarks.move("shop", "order", T0)
    await watermarks.move("shop", "order", T0 - timedelta(hours=1))

    assert await watermarks.watermark("shop", "order") == T0


async def test_stock_in_flight_is_summed_over_orders_and_released_with_them(database):
    in_flight = StoredInFlight(database)
    other = Ref("shop", "order", "813")
    await in_flight.hold(ORDER, {"A": Decimal(2), "B": Decimal("0.5")})
    await in_flight.hold(other, {"A": Decimal(3)})
    assert await in_flight.quantities() == {"A": Decimal(5), "B": Decimal("0.5")}

    await in_flight.hold(ORDER, {"A": Decimal(1)})
    assert await in_flight.quantities() == {"A": Decimal(4)}

    await in_flight.release(ORDER)
    await in_flight.release(ORDER)
    await in_flight.release(other)
    assert await in_flight.quantities() == {}


async def test_the_same_link_made_at_once_from_many_sides_is_one(database):
    links = StoredLinks(database, Clock())

    await asyncio.gather(*(links.link(ORDER, INVOICE) for _ in range(20)))

    assert await links.linked(ORDER, "invoice") == INVOICE
