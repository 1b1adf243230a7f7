"""What every shop must let us show of goods that left."""

from dataclasses import replace
from decimal import Decimal

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.shipments import Fulfillment
from b1bridge.errors import NeedsOperator
from b1bridge.ports.shop import FulfillmentTarget

CAPABILITY = FulfillmentTarget
CART = [("A-1", 10, "19.99", "19"), ("B-2", 1, "9.99", "7")]

pytestmark = pytest.mark.anyio


@pytest.fixture
def order(world):
    return Ref("c1", "order", str(world.shopper_orders(CART)))


@pytest.fixture
def parcel(shop, order):
    """Return a maker of parcels with so much of the first line."""

    async def make(quantity, tracking="T1", mark="sap/delivery/77"):
        line = (await shop.order(order)).lines[0]
        return Fulfillment(order, {line.id: Decimal(quantity)}, "ups", tracking, mark)

    return make


async def test_it_is_what_it_says(shop):
    assert isinstance(shop, FulfillmentTarget)


async def test_nothing_has_left_at_first(shop, order):
    assert await shop.fulfillments(order) == ()


async def test_a_parcel_is_shown_as_it_was_entered(shop, order, parcel):
    wanted = await parcel(6)

    id_ = await shop.fulfill(wanted)

    assert await shop.fulfillments(order) == (replace(wanted, id=id_),)


async def test_several_parcels_come_oldest_first(shop, order, parcel):
    first = await shop.fulfill(await parcel(6))
    second = await shop.fulfill(await parcel(3, "T2", "sap/delivery/78"))

    found = await shop.fulfillments(order)

    assert [(one.id, one.mark, one.tracking) for one in found] == [
        (first, "sap/delivery/77", "T1"),
        (second, "sap/delivery/78", "T2"),
    ]


async def test_a_correction_changes_the_label_and_not_the_goods(shop, order, parcel):
    wanted = await parcel(6)
    id_ = await shop.fulfill(wanted)

    for _ in range(2):
        await shop.correct(id_, replace(wanted, tracking="T9", carrier="dhl"))

    (found,) = await shop.fulfillments(order)
    assert (found.tracking, found.carrier, found.mark) == ("T9", "dhl", "sap/delivery/77")
    assert found.lines == wanted.lines


async def test_a_parcel_that_never_left_is_taken_back_once(shop, order, parcel):
    wanted = await parcel(6)
    id_ = await shop.fulfill(wanted)

    for _ in range(2):
        await shop.withdraw(id_, wanted)

    assert await shop.fulfillments(order) == ()


async def test_what_others_entered_bears_no_mark(world, shop, order):
    world.ships(int(order.id), [("A-1", 2)], tracking_number="X", comments="Ready to go...")

    (found,) = await shop.fulfillments(order)

    assert (found.mark, found.tracking) == ("", "X")
    assert list(found.lines.values()) == [2]


async def test_more_than_was_ordered_asks_for_a_person(shop, parcel):
    with pytest.raises(NeedsOperator):
        await shop.fulfill(await parcel(11))
