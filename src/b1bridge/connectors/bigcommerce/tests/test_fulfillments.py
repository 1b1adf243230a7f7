"""The oddities of BigCommerce's shipments."""

from dataclasses import replace
from decimal import Decimal

import pytest

from b1bridge.domain.identity import Ref
from b1bridge.domain.shipments import Fulfillment
from b1bridge.errors import NeedsOperator

pytestmark = pytest.mark.anyio

CART = [("A", 3, "20.00", "19"), ("B", 1, "10.00", "7")]


@pytest.fixture
def placed(world):
    number = world.shopper_orders(CART)
    lines = [str(line.id) for line in world.store.orders[number].lines]
    return Ref("shop", "order", str(number)), lines


def parcel(placed, quantity="1", **fields):
    order, lines = placed
    whole = Fulfillment(order, {lines[0]: Decimal(quantity)}, "ups", "T1", "sap/delivery/7")
    return replace(whole, **fields)


def shipment(world, placed):
    return world.store.orders[int(placed[0].id)].shipments[-1]


@pytest.mark.parametrize(
    ("carrier", "provider", "other"),
    [("ups", "ups", ""), ("carrier_12", "carrier_12", ""), ("dhl", "", "dhl"), ("", "", "")],
)
async def test_a_carrier_is_a_provider_or_one_of_aftership(
    world, store, placed, carrier, provider, other
):
    await store.fulfill(parcel(placed, carrier=carrier))

    made = shipment(world, placed)
    assert (made.shipping_provider, made.tracking_carrier) == (provider, other)
    assert (await store.fulfillments(placed[0]))[0].carrier == carrier


async def test_a_note_after_our_mark_does_not_hide_it(world, store, placed):
    await store.fulfill(parcel(placed))
    shipment(world, placed).comments += " left at the door"

    assert (await store.fulfillments(placed[0]))[0].mark == "sap/delivery/7"


async def test_goods_for_two_addresses_ask_for_a_person(world, store, placed):
    order, lines = placed
    second = world.store.orders[int(order.id)].lines[1]
    second.raw = {"order_address_id": 999}

    with pytest.raises(NeedsOperator, match="B to address 999") as caught:
        await store.fulfill(parcel(placed, lines=dict.fromkeys(lines, Decimal(1))))

    assert caught.value.reason == "SEVERAL_ADDRESSES"
    assert "by hand" in caught.value.fix


async def test_a_tracking_number_too_long_is_no_half_number(world, store, placed):
    with pytest.raises(NeedsOperator, match="50 characters") as caught:
        await store.fulfill(parcel(placed, tracking="9" * 51))

    assert caught.value.reason == "TRACKING_TOO_LONG"
    assert world.store.orders[int(placed[0].id)].shipments == []


async def test_half_a_piece_is_never_rounded_away(world, store, placed):
    with pytest.raises(NeedsOperator) as caught:
        await store.fulfill(parcel(placed, "0.5"))

    assert caught.value.reason == "BAD_QUANTITY"
    assert world.store.orders[int(placed[0].id)].shipments == []


async def test_a_parcel_of_no_known_line_is_refused(store, placed):
    with pytest.raises(NeedsOperator, match="no line of the order"):
        await store.fulfill(parcel(placed, lines={"424242": Decimal(1)}))


async def test_a_shipment_changes_the_orders_version(store, placed):
    before = await store.version(placed[0])
    await store.fulfill(parcel(placed))
    between = await store.version(placed[0])
    await store.fulfill(parcel(placed, mark="sap/delivery/8"))

    assert len({before, between, await store.version(placed[0])}) == 3
