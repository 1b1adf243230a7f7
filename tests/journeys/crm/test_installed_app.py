"""The hub as an installed app: its tokens change by themselves, and people may remove it."""

import asyncio

import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.testing.patience import QUICK

from .happenings import total, wins
from .hubs import TO_CRM, hub_between

pytestmark = pytest.mark.anyio


async def becomes_an_app(between):
    """Enter the client and the refresh token of an app instead of the API token."""
    pipedrive = between.pipedrive
    given = {
        "client_id": "sim-client",
        "client_secret": "sim-client-secret",
        "refresh_token": pipedrive.oauth.install(),
        "oauth_url": pipedrive.base_url,
    }
    settings = {k: v for k, v in pipedrive.settings().items() if k != "api_token"} | given
    await between.hub.add_connection("crm", "pipedrive", settings)


async def test_a_day_of_an_app_whose_tokens_change_each_hour(tmp_path):
    async with hub_between(tmp_path) as between:
        await becomes_an_app(between)
        await between.look(*TO_CRM)
        between.clock.move(7200)

        await wins(between, between.deal())
        first = between.pipedrive.oauth.renewals
        findings = [one async for one in between.hub.doctor("crm")]
        await between.hub.stop_worker()
        async with await Hub.open(
            tmp_path, transports=between.lines, clock=between.clock, parts=Parts(patience=QUICK)
        ) as again:
            assert await (await again.open_connection("crm")).missing_fields([]) == ()

        assert total(between) == 24
        assert await between.hub.cases() == []
        assert first == between.pipedrive.oauth.renewals == 2
        assert [one.message for one in findings if not one.well and one.check == "token"] == []


async def test_an_app_that_was_removed_pauses_the_connection_until_it_is_installed_again(tmp_path):
    async with hub_between(tmp_path) as between:
        await becomes_an_app(between)
        await between.look(*TO_CRM)
        between.pipedrive.oauth.uninstall()
        between.pipedrive.win_deal(between.deal())
        await between.hub.accept("crm", *between.pipedrive.notice(), between.clock())
        async with asyncio.timeout(30):
            while not (cases := await between.hub.cases()):  # noqa: ASYNC110 - watched
                await asyncio.sleep(0.05)
        (case,) = cases
        assert (case.ref, between.orders()) == ("crm", [])
        assert "install the app again" in case.message

        await becomes_an_app(between)
        await between.hub.resume("crm")
        await between.settled()

        assert await between.hub.cases() == []
        assert total(between) == 24
