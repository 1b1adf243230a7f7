"""Webhooks that a shop has switched off are switched on again, and a refusal leaves a case."""

import asyncio

import pytest

from b1bridge.engine.subscribing import NAME

pytestmark = pytest.mark.anyio


async def checked(hub, times):
    async with asyncio.timeout(30):
        while len(await hub.runs(sync=f"{NAME}/shop", state="finished")) < times:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return (await hub.runs(sync=f"{NAME}/shop", limit=1))[0]


async def test_what_is_missing_is_registered_and_what_is_off_switched_on(hub, store, clock):
    await hub.start_worker()
    first = await checked(hub, 1)
    assert first.outcome == "posted"
    hooks = store.store.hooks
    assert hooks
    lost, off = sorted(hooks)[:2]
    del hooks[lost]
    hooks[off].is_active = False

    clock.forward(hours=1, minutes=1)
    second = await checked(hub, 2)
    clock.forward(hours=1, minutes=1)
    third = await checked(hub, 3)

    assert (second.outcome, third.outcome) == ("posted", "already there")
    assert all(hook.is_active for hook in hooks.values())
    destination, found = await hub.subscriptions("shop")
    assert {one.destination for one in found} == {destination}
    story = await hub.trail("shop/all/webhooks")
    assert any("registered store/" in entry.detail for entry in story.entries)


async def test_nothing_is_registered_twice_by_hand(hub, store):
    mended = await hub.register_webhooks("shop", "clerk")

    assert len(store.store.hooks) == len(mended) > 0
    assert await hub.register_webhooks("shop", "clerk") == ()


async def test_a_shop_that_refuses_leaves_a_case_until_it_takes_them(hub, store, clock):
    working = await hub.subscriptions("shop")
    line = await hub._lines.line("shop")  # noqa: SLF001
    line.settings.webhook_url = "http://hub.example/notices/shop"
    await hub.start_worker()
    async with asyncio.timeout(30):
        while not await hub.cases():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    (case,) = await hub.cases()
    assert case.reason == "WEBHOOKS_OFF"
    assert "webhook_url" in case.fix

    line.settings.webhook_url = working[0]
    await hub.retry_case(case.id, "admin")
    await checked(hub, 1)

    assert await hub.cases() == []
    assert store.store.hooks
    del clock
