"""Webhooks that a shop has switched off are switched on again, and a refusal leaves a case."""

import asyncio

import pytest

from b1bridge.engine.subscribing import NAME

pytestmark = pytest.mark.anyio


async def checked(hub, seller, times):
    async with asyncio.timeout(30):
        while len(await hub.runs(sync=f"{NAME}/{seller.name}", state="finished")) < times:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return (await hub.runs(sync=f"{NAME}/{seller.name}", limit=1))[0]


async def test_what_is_missing_is_registered_and_what_is_off_switched_on(hub, seller, clock):
    await hub.start_worker()
    first = await checked(hub, seller, 1)
    assert first.outcome == "posted"
    hooks = seller.hooks()
    assert hooks
    lost, off = sorted(hooks)[:2]
    del hooks[lost]
    seller.switches_off(off)

    clock.forward(hours=1, minutes=1)
    second = await checked(hub, seller, 2)
    clock.forward(hours=1, minutes=1)
    third = await checked(hub, seller, 3)

    assert (second.outcome, third.outcome) == ("posted", "already there")
    destination, found = await hub.subscriptions(seller.name)
    assert all(one.active for one in found)
    assert len(found) == len(seller.hooks())
    assert {one.destination for one in found} == {destination}
    story = await hub.trail(f"{seller.name}/all/webhooks")
    assert any("registered " in entry.detail for entry in story.entries)


async def test_nothing_is_registered_twice_by_hand(hub, seller):
    mended = await hub.register_webhooks(seller.name, "clerk")

    assert len(seller.hooks()) == len(mended) > 0
    assert await hub.register_webhooks(seller.name, "clerk") == ()


async def test_a_shop_that_refuses_leaves_a_case_until_it_takes_them(hub, seller, clock):
    working = await hub.subscriptions(seller.name)
    line = await hub._lines.line(seller.name)  # noqa: SLF001
    line.settings.webhook_url = "http://hub.example/notices"
    await hub.start_worker()
    async with asyncio.timeout(30):
        while not await hub.cases():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    (case,) = await hub.cases()
    assert case.reason == "WEBHOOKS_OFF"
    assert "webhook_url" in case.fix

    line.settings.webhook_url = working[0]
    await hub.retry_case(case.id, "admin")
    await checked(hub, seller, 1)

    assert await hub.cases() == []
    assert seller.hooks()
    del clock
