"""What every shop that pushes changes must let us ask of its webhooks."""

import pytest

from b1bridge.ports.shop import WebhookSubscriptions

CAPABILITY = WebhookSubscriptions
DOOR = "https://hub.example/in/c1"

pytestmark = pytest.mark.anyio


async def active(shop):
    return {one.subject for one in await shop.subscriptions() if one.active}


async def test_it_is_what_it_says(shop):
    assert isinstance(shop, WebhookSubscriptions)


async def test_a_shop_tells_nothing_until_it_is_asked(shop):
    assert await shop.subscriptions() == ()


async def test_subscribing_makes_what_is_missing_once(shop):
    made = await shop.subscribe(DOOR)
    again = await shop.subscribe(DOOR)

    found = await shop.subscriptions()
    assert set(made) == {one.subject for one in found}
    assert made
    assert again == ()
    assert {one.destination for one in found} == {DOOR}
    assert all(one.active for one in found)


async def test_what_was_switched_off_is_switched_on_again(world, shop):
    made = await shop.subscribe(DOOR)
    world.switches_hooks_off()
    off = await active(shop)

    mended = await shop.subscribe(DOOR)

    assert off == set()
    assert set(mended) == set(made) == await active(shop)
    assert len(await shop.subscriptions()) == len(made)


async def test_what_was_lost_is_made_again(world, shop):
    made = await shop.subscribe(DOOR)
    world.loses_hooks()

    assert await shop.subscribe(DOOR) == made
    assert await active(shop) == set(made)


async def test_other_addresses_are_left_alone(shop):
    made = await shop.subscribe("https://elsewhere.example/in")

    await shop.subscribe(DOOR)

    assert len(await shop.subscriptions()) == 2 * len(made)
