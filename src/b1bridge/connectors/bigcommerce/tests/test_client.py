"""The client stays within the quota and knows what a refusal means."""

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.connectors.bigcommerce.client import Client
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.stock import ShopStock
from b1bridge.errors import ConnectionBroken, ContractBroken, OutcomeUnknown, Rejected, Transient
from b1bridge.sdk.rate_limit import Allowance
from b1bridge.testing.faults import BadLine
from b1bridge.testing.worlds import client_for, connect, line_to

pytestmark = pytest.mark.anyio


@pytest.fixture
def line(world):
    """Return a line to the store that can be made bad."""
    return BadLine(line_to(world))


def client_of(world, clock, line=None, **settings):
    async def sleep(seconds):
        clock.forward(seconds=seconds)

    def monotonic():
        return clock().timestamp()

    allowance = Allowance(clock=monotonic, sleep=sleep, **settings)
    return Client(Settings(**world.settings()), client_for(world, line), allowance)


async def test_the_quota_is_obeyed_before_it_is_exceeded(make_world, clock):
    world = make_world(quota=10)
    client = client_of(world, clock, keep=2)
    start = clock()

    for _ in range(30):
        await client.get("v2/store")

    assert world.quota.refused == 0
    assert (clock() - start).total_seconds() >= 60


async def test_a_quota_spent_by_other_apps_is_waited_for(make_world, clock):
    world = make_world(quota=5)
    client = client_of(world, clock)
    await client.get("v2/store")
    while world.quota.take():
        pass

    assert (await client.get("v2/store"))["currency"] == "EUR"
    assert world.quota.refused == 2


async def test_an_overloaded_gateway_that_names_no_time_is_left_to_the_engine(world, clock, line):
    line.answer(429, text='{"status": 429, "title": "Too many requests"}')
    client = client_of(world, clock, line)

    with pytest.raises(Transient) as caught:
        await client.get("v2/store")

    assert caught.value.retry_after is None


async def test_the_documented_retry_header_is_passed_on(world, clock, line):
    line.answer(429, {"X-Retry-After": "7"})
    client = client_of(world, clock, line)

    with pytest.raises(Transient) as caught:
        await client.get("v2/store")

    assert caught.value.retry_after == 7


async def test_a_wrong_token_breaks_the_connection(world):
    settings = Settings(**(world.settings() | {"access_token": "old"}))
    store = CONNECTOR.build("shop", settings, client_for(world))

    with pytest.raises(ConnectionBroken, match="X-Auth-Token"):
        await store.order(Ref("shop", "order", "100"))


async def test_an_unknown_order_is_told_in_the_shops_words(store):
    with pytest.raises(Rejected, match="not found") as caught:
        await store.order(Ref("shop", "order", "999"))

    assert caught.value.reason == "NOT_FOUND"


async def test_a_read_that_failed_may_be_repeated(world, clock, line):
    line.answer(503, text="<html>busy</html>")
    client = client_of(world, clock, line)

    with pytest.raises(Transient):
        await client.get("v2/store")


async def test_an_answer_that_is_no_json_is_a_broken_contract(world, clock, line):
    line.answer(200, text="<html>hello</html>")
    client = client_of(world, clock, line)

    with pytest.raises(ContractBroken):
        await client.get("v2/store")


async def test_a_write_without_an_answer_is_of_unknown_outcome(world, line):
    world.adds_product("A", 5)
    line.lose_reply()
    store = connect(CONNECTOR, world, name="shop", line=line)

    with pytest.raises(OutcomeUnknown):
        await store.set_stock([ShopStock("A", "1", 3)])


async def test_the_books_number_is_noted_once(world, store):
    number = world.shopper_orders([("A", 1, "1.00", "0")])
    order = Ref("shop", "order", str(number))

    await store.annotate(order, Posted("invoice", 7, 1042))
    notices = len(world.store.outbox)
    await store.annotate(order, Posted("invoice", 7, 1042))

    assert world.store.orders[number].external_order_id == "1042"
    assert len(world.store.outbox) == notices


async def test_secrets_are_not_shown(world):
    shown = repr(Settings(**world.settings()))

    assert "sim-token" not in shown
    assert "sim-secret" not in shown
