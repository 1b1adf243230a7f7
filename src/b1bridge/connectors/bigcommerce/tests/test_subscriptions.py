"""The store's webhooks, made and mended by us."""

import httpx
import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.testing.worlds import client_for

pytestmark = pytest.mark.anyio

DOOR = "https://hub.example/in/shop"


class Door:
    """Our side of the wire: collects what the store sends to each address."""

    def __init__(self):
        self.heard = []
        self.closed = False

    async def __call__(self, scope, receive, send):
        body = (await receive())["body"]
        status = 503 if self.closed else 200
        if status == 200:
            self.heard.append((dict(scope["headers"]), body))
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def door():
    return Door()


@pytest.fixture
async def line(door):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door)) as http:
        yield http


async def test_orders_refunds_shipments_and_shoppers_are_asked_for(store):
    assert await store.subscribe(DOOR) == ("store/order/*", "store/shipment/*", "store/customer/*")


async def test_only_what_is_subscribed_is_sent(world, store, door, line):
    world.shopper_orders([("A", 1, "10.00", "19")])
    unheard = await world.deliver(http=line)
    await store.subscribe(DOOR)
    number = world.shopper_orders([("A", 1, "10.00", "19")])
    world.pays(number)
    world.ships(number)
    world.refunds(number, amount="1.00")
    world.registers_customer("ada@example.com")
    heard = await world.deliver(http=line)

    settings = CONNECTOR.settings(**world.settings())
    found = [
        CONNECTOR.notices("shop", settings, _text(headers), body, world.store.clock())
        for headers, body in door.heard
    ]
    subjects = {(one.ref.kind, one.ref.id) for notices in found for one in notices}
    assert unheard.statuses == {}
    assert set(heard.statuses) == {200}
    assert ("order", str(number)) in subjects
    assert {kind for kind, _ in subjects} == {"order", "customer"}
    assert all(found)


async def test_a_store_that_cannot_deliver_gives_up_and_is_mended(world, store, door, line):
    await store.subscribe(DOOR)
    door.closed = True
    world.shopper_orders([("A", 1, "10.00", "19")])
    for _ in range(12):
        await world.deliver(http=line)
    off = [one.subject for one in await store.subscriptions() if not one.active]
    door.closed = False

    mended = await store.subscribe(DOOR)
    world.shopper_orders([("A", 1, "10.00", "19")])
    await world.deliver(http=line)

    assert off == list(mended) == ["store/order/*"]
    assert len(door.heard) == 1


async def test_a_domain_that_answers_badly_hears_nothing_for_three_minutes(
    world, store, door, line, clock
):
    await store.subscribe(DOOR)
    for _ in range(150):
        world.shopper_orders([("A", 1, "10.00", "19")])
    door.closed = True
    first = await world.deliver(http=line, concurrency=1)
    door.closed = False
    barred = await world.deliver(http=line)
    clock.forward(minutes=3)
    heard = await world.deliver(http=line)

    assert (first.statuses, first.barred) == ({503: 100}, 50)
    assert (barred.statuses, barred.barred) == ({}, 150)
    assert heard.statuses == {200: 150}
    assert len({body for _, body in door.heard}) == 150


async def test_the_shared_secret_is_echoed_where_the_operator_set_one(world, door, line):
    settings = CONNECTOR.settings(**world.settings(), webhook_secret="psst")
    shop = CONNECTOR.build("shop", settings, client_for(world))
    await shop.subscribe(DOOR)
    again = await shop.subscribe(DOOR)
    world.shopper_orders([("A", 1, "10.00", "19")])
    await world.deliver(http=line)

    assert again == ()
    assert door.heard[0][0][b"x-b1bridge-secret"] == b"psst"


def _text(headers):
    return {name.decode(): value.decode() for name, value in headers.items()}
