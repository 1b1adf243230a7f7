"""What left for an order of ours is told by the order's own rows, whatever the warehouse typed."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from b1bridge.connectors.sap_b1.books import SapBooks
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.domain.identity import Ref
from b1bridge.domain.shipments import DeliveredRow
from b1sim.company import clerk
from b1sim.world import World

pytestmark = pytest.mark.anyio
REFERENCE = "shop-eu/order/812"
DUE = "2027-01-31"


@pytest.fixture(params=["v2", "v1"])
def world_settings(request, world):
    """Settings that know in which zone the server's clock stands."""
    zone = world.company.settings.time_zone
    return Settings(**world.settings(), version=request.param, time_zone=zone)


@pytest.fixture
def line_of():
    """Open books of a world of the test's own, whose clock stands where the test says."""

    @asynccontextmanager
    async def opened(world):
        async with httpx.AsyncClient(transport=world.transport(), base_url=world.base_url) as line:
            settings = Settings(**world.settings(), time_zone="Europe/Berlin")
            books = SapBooks("sap", settings, line)
            yield books
            await books.aclose()

    return opened


def order(world, *rows, kind="Orders", **header):
    fields = {"CardCode": "C1", "NumAtCard": REFERENCE, "DocDueDate": DUE}
    return world.company.create(kind, fields | header | {"DocumentLines": list(rows)})


def deliver(world, base, *rows, base_type=17, **header):
    lines = [{"BaseType": base_type, "BaseEntry": base["DocEntry"]} | row for row in rows]
    return world.company.create(
        "DeliveryNotes", {"CardCode": "C1"} | header | {"DocumentLines": lines}
    )


def ref_of(delivery):
    return Ref("sap", "delivery", str(delivery["DocEntry"]))


async def changed_since(books, moment):
    return [ref async for ref, _ in books.deliveries_changed_since(moment)]


async def test_a_delivery_tells_its_order_rows_tracking_and_carrier(books, world):
    base = order(world, {"ItemCode": "TEA", "Quantity": 10}, {"ItemCode": "MUG", "Quantity": 1})
    made = deliver(
        world,
        base,
        {"BaseLine": 0, "Quantity": 6},
        {"BaseLine": 1},
        TrackingNumber=" A1, A2 ",
        TransportationCode=1,
    )

    found = await books.delivery(ref_of(made))

    assert found.posted.entry == made["DocEntry"]
    assert (found.is_cancelled, found.carrier, found.tracking) == (False, "1", "A1, A2")
    assert found.rows == (
        DeliveredRow(REFERENCE, "TEA", 0, Decimal(6)),
        DeliveredRow(REFERENCE, "MUG", 0, Decimal(1)),
    )


async def test_a_delivery_of_a_reserve_invoice_tells_the_invoice_s_order(books, world):
    base = order(world, {"ItemCode": "TEA", "Quantity": 3}, kind="Invoices", ReserveInvoice="tYES")
    made = deliver(world, base, {"BaseLine": 0, "Quantity": 2}, base_type=13)

    found = await books.delivery(ref_of(made))

    assert found.rows == (DeliveredRow(REFERENCE, "TEA", 0, Decimal(2)),)


async def test_rows_of_the_same_item_keep_their_place(books, world):
    tea = {"ItemCode": "TEA", "Quantity": 2}
    base = order(world, tea, {"ItemCode": "MUG", "Quantity": 1}, tea)
    made = deliver(world, base, {"BaseLine": 2})

    assert [row.place for row in (await books.delivery(ref_of(made))).rows] == [1]


async def test_the_parts_of_a_kit_leave_with_their_kit(books, world):
    clerk.add_item(world.company, "KIT", InventoryItem="tNO")
    clerk.add_tree(world.company, "KIT", {"TEA": "2", "MUG": "1"})
    base = order(world, {"ItemCode": "KIT", "Quantity": 2})
    made = deliver(world, base, {"BaseLine": 0, "Quantity": 1})

    found = await books.delivery(ref_of(made))

    assert len(made["DocumentLines"]) == 3
    assert found.rows == (DeliveredRow(REFERENCE, "KIT", 0, Decimal(1)),)


async def test_what_was_not_ordered_through_us_has_no_rows(books, world):
    made = world.company.create(
        "DeliveryNotes", {"CardCode": "C1", "DocumentLines": [{"ItemCode": "TEA"}]}
    )

    assert (await books.delivery(ref_of(made))).rows == ()


async def test_a_cancelled_delivery_and_its_mirror_are_told_as_cancelled(books, world):
    base = order(world, {"ItemCode": "TEA", "Quantity": 10})
    made = deliver(world, base, {"BaseLine": 0, "Quantity": 6})
    world.company.act("DeliveryNotes", {"DocEntry": made["DocEntry"]}, "Cancel")

    entries = [row["DocEntry"] for row in world.company.query("DeliveryNotes")]

    assert len(entries) == 2
    for entry in entries:
        assert (await books.delivery(Ref("sap", "delivery", str(entry)))).is_cancelled


async def test_changes_are_listed_oldest_first_in_the_company_s_own_time(books, world):
    base = order(world, {"ItemCode": "TEA", "Quantity": 10})
    first = deliver(world, base, {"BaseLine": 0, "Quantity": 1})
    world.clock.move(600)
    second = deliver(world, base, {"BaseLine": 0, "Quantity": 1})
    world.clock.move(600)
    key = {"DocEntry": first["DocEntry"]}
    world.company.patch("DeliveryNotes", key, {"TrackingNumber": "A1"})
    now = world.clock()

    listed = [found async for found in books.deliveries_changed_since(now - timedelta(hours=1))]

    assert [ref for ref, _ in listed] == [ref_of(second), ref_of(first)]
    assert all(now - timedelta(hours=1) < moment <= now for _, moment in listed)
    assert listed[-1][1] >= now - timedelta(minutes=1)
    later = world.clock() + timedelta(hours=1)
    assert await changed_since(books, later) == []


@pytest.mark.parametrize("minutes", [20, 65, 80, 110, 130])
async def test_no_delivery_is_lost_in_the_hour_that_a_clock_shows_twice(minutes, line_of):
    before_winter = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    moments = [before_winter + timedelta(minutes=at) for at in range(0, 180, 15)]
    clock = [before_winter]
    with World(seed=False, clock=lambda: clock[0]) as world:
        clerk.add_partner(world.company, "C1", "Anna Ek")
        clerk.add_item(world.company, "TEA", stock="100")
        base = order(world, {"ItemCode": "TEA", "Quantity": 50})
        made = {}
        for clock[0] in moments:
            made[ref_of(deliver(world, base, {"BaseLine": 0, "Quantity": 1}))] = clock[0]
        async with line_of(world) as books:
            since = before_winter + timedelta(minutes=minutes)

            found = await changed_since(books, since)

    assert {ref for ref, moment in made.items() if moment >= since} <= set(found)
    assert len(found) == len(set(found))
