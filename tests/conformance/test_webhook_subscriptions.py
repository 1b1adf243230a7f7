"""What every system that pushes changes must let us ask of its webhooks."""

import pytest

from b1bridge.ports.webhooks import WebhookSubscriptions

CAPABILITY = WebhookSubscriptions
DOOR = "https://hub.example/in/c1"

pytestmark = pytest.mark.anyio


async def active(connected):
    return {one.subject for one in await connected.subscriptions() if one.active}


async def test_it_is_what_it_says(connected):
    assert isinstance(connected, WebhookSubscriptions)


async def test_nothing_is_told_until_it_is_asked_for(connected):
    assert await connected.subscriptions() == ()


async def test_subscribing_makes_what_is_missing_once(connected):
    made = await connected.subscribe(DOOR)
    again = await connected.subscribe(DOOR)

    found = await connected.subscriptions()
    assert set(made) == {one.subject for one in found}
    assert made
    assert again == ()
    assert {one.destination for one in found} == {DOOR}
    assert all(one.active for one in found)


async def test_what_was_switched_off_is_switched_on_again(world, connected):
    made = await connected.subscribe(DOOR)
    world.switches_hooks_off()
    off = await active(connected)

    mended = await connected.subscribe(DOOR)

    assert off == set()
    assert set(mended) == set(made) == await active(connected)
    assert len(await connected.subscriptions()) == len(made)


async def test_what_was_lost_is_made_again(world, connected):
    made = await connected.subscribe(DOOR)
    world.loses_hooks()

    assert await connected.subscribe(DOOR) == made
    assert await active(connected) == set(made)


async def test_other_addresses_are_left_alone(connected):
    made = await connected.subscribe("https://elsewhere.example/in")

    await connected.subscribe(DOOR)

    assert len(await connected.subscriptions()) == 2 * len(made)
