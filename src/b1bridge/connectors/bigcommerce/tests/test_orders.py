"""Reading orders while the shop goes on selling."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.domain.identity import Ref
from b1bridge.errors import ContractBroken, Transient
from b1bridge.testing.worlds import connect, line_to

pytestmark = pytest.mark.anyio

CART = [("A", 1, "10.00", "19")]
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Meanwhile(httpx.AsyncBaseTransport):
    """Lets something happen in the shop after each answered request of a kind."""

    def __init__(self, world, path, happens):
        self._line = line_to(world)
        self._path = path
        self._happens = happens

    async def handle_async_request(self, request):
        response = await self._line.handle_async_request(request)
        if request.url.path.endswith(self._path):
            self._happens()
        return response


async def changed(store, since=LONG_AGO):
    return [(int(ref.id), moment) async for ref, moment in store.orders_changed_since(since)]


async def test_an_empty_shop_has_no_changes(store):
    assert await changed(store) == []


async def test_changes_come_oldest_first_over_many_pages(world, store, clock):
    placed = []
    for _ in range(601):
        placed.append(world.shopper_orders(CART))
        clock.forward(seconds=1)
    world.edits(placed[0], customer_message="again")

    found = [number for number, _ in await changed(store)]

    assert found == [*placed[1:], placed[0]]


async def test_orders_of_one_second_are_all_found(world, store):
    placed = {world.shopper_orders(CART) for _ in range(520)}

    found = [number for number, _ in await changed(store)]

    assert sorted(found) == sorted(placed)


async def test_no_order_is_skipped_when_others_move_while_we_page(world, clock):
    placed = []
    for _ in range(600):
        placed.append(world.shopper_orders(CART))
        clock.forward(seconds=1)
    moving = iter(placed)
    line = Meanwhile(world, "/v2/orders", lambda: [world.edits(next(moving)) for _ in range(20)])
    store = connect(CONNECTOR, world, name="shop", line=line)

    found = [number for number, _ in await changed(store)]

    assert set(found) == set(placed)


async def test_only_what_changed_at_or_after_the_moment_is_found(world, store, clock):
    world.shopper_orders(CART)
    clock.forward(seconds=60)
    moment = clock()
    later = world.shopper_orders(CART)

    assert await changed(store, moment) == [(later, moment)]
    assert await changed(store, moment + timedelta(seconds=1)) == []


async def test_a_moment_in_another_time_zone_is_the_same_moment(world, store, clock):
    number = world.shopper_orders(CART)
    elsewhere = clock().astimezone(datetime.fromisoformat("2026-01-01T00:00-11:00").tzinfo)

    assert [found for found, _ in await changed(store, elsewhere)] == [number]


async def test_an_order_that_changes_while_it_is_read_is_read_again_later(world, clock):
    number = world.shopper_orders(CART)

    def edit():
        clock.forward(seconds=1)
        world.edits(number, [("A", 5, "10.00", "19")])

    line = Meanwhile(world, "/taxes", edit)
    store = connect(CONNECTOR, world, name="shop", line=line)

    with pytest.raises(Transient, match="changed while"):
        await store.order(Ref("shop", "order", str(number)))


async def test_an_order_of_many_lines_is_read_whole(world, store):
    number = world.shopper_orders([(f"S{i}", 1, "1.00", "19") for i in range(501)])

    order = await store.order(Ref("shop", "order", str(number)))

    assert len(order.lines) == 501
    assert len({line.sku for line in order.lines}) == 501


async def test_an_order_in_an_unknown_shape_names_the_field(world, store):
    number = world.place_raw({"is_tax_inclusive_pricing": True, "date_created": "yesterday"}, CART)

    with pytest.raises(ContractBroken, match="date_created"):
        await store.order(Ref("shop", "order", str(number)))
