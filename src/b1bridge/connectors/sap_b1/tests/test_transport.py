"""What happens on the road: lines cut while idle, a SAP that is down, onlookers, and a pace."""

import httpx
import pytest

from b1bridge.connectors.sap_b1.client import ClientSettings, alone, connected
from b1bridge.connectors.sap_b1.client.breaker import Breaker
from b1bridge.connectors.sap_b1.client.hooks import Hooks
from b1bridge.connectors.sap_b1.client.pace import Pace
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.session import Session
from b1bridge.errors import OutcomeUnknown, Rejected, Transient

pytestmark = pytest.mark.anyio
ORDERS = "Orders?$filter=NumAtCard eq 'private'"
DOWN = httpx.Response(503, html="<title>503 Service Unavailable</title>")


def cut():
    return httpx.RemoteProtocolError("Server disconnected without sending a response.")


async def test_a_read_on_a_line_that_was_cut_while_idle_is_sent_once_more(script, http, settings):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [cut()]

    await service.get(ORDERS)

    assert script.calls["GET Orders"] == 2


async def test_a_read_is_not_sent_a_third_time(script, http, settings):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [cut(), cut()]

    with pytest.raises(Transient):
        await service.get(ORDERS)

    assert script.calls["GET Orders"] == 2


async def test_a_write_on_a_cut_line_is_never_sent_again(script, http, settings):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [cut()]

    with pytest.raises(OutcomeUnknown):
        await service.post("Orders")

    assert script.calls["POST Orders"] == 1


class Moment:
    now = 0.0

    def __call__(self):
        return self.now


async def test_a_sap_that_is_down_is_left_alone_until_one_call_finds_it_back(
    script, http, settings
):
    moment = Moment()
    service = ServiceLayer(http, settings, breaker=Breaker(threshold=3, clock=moment))
    await service.open()
    script.answers = [DOWN] * 4
    for _ in range(3):
        with pytest.raises(Transient):
            await service.get(ORDERS)

    with pytest.raises(Transient, match="next try in 2 s") as caught:
        await service.get(ORDERS)
    assert caught.value.retry_after == 2
    assert script.calls["GET Orders"] == 3

    moment.now = 2.0  # the probe fails: twice the pause
    with pytest.raises(Transient, match="503"):
        await service.get(ORDERS)
    moment.now = 5.9
    with pytest.raises(Transient, match="next try"):
        await service.get(ORDERS)

    moment.now = 6.1
    await service.get(ORDERS)
    await service.get(ORDERS)
    assert script.calls["GET Orders"] == 6


async def test_refusals_do_not_open_the_breaker(script, http, settings):
    service = ServiceLayer(http, settings, breaker=Breaker(threshold=1))
    await service.open()
    refusal = httpx.Response(400, json={"error": {"code": -10, "message": "no"}})
    script.answers = [refusal, refusal]

    for _ in range(2):
        with pytest.raises(Rejected):
            await service.post("Orders")

    assert script.calls["POST Orders"] == 2


async def test_onlookers_see_what_happens_and_no_secret(script, http, settings):
    seen = []
    hooks = Hooks(
        before=lambda call: seen.append(("before", repr(call))),
        after=lambda call, status, _seconds: seen.append(("after", call.path, status)),
        failed=lambda _call, error, _seconds: seen.append(("failed", type(error))),
    )
    service = ServiceLayer(http, settings, hooks=hooks)
    await service.open()
    script.answers = [None, httpx.ReadTimeout("slow")]

    await service.get(ORDERS)
    with pytest.raises(OutcomeUnknown):
        await service.post("Orders", {"CardCode": "C1"})

    assert [kind for kind, *_ in seen] == ["before", "after", "before", "failed"]
    assert seen[1] == ("after", "/b1s/v2/Orders", 200)
    assert not any(word in str(seen) for word in ("session-1", "secret", "private", "C1"))


async def test_calls_keep_a_pace_where_one_is_asked_for():
    moment, slept = Moment(), []

    async def sleep(seconds):
        slept.append(seconds)

    pace = Pace(4, clock=moment, sleep=sleep)
    for _ in range(4):
        await pace.keep()

    assert slept == [0.25, 0.5, 0.75]


async def test_no_pace_no_wait():
    async def never(_seconds):
        pytest.fail("nobody asked for a pace")

    await Pace(0, sleep=never).keep()


async def test_a_session_that_was_idle_too_long_is_renewed_before_a_write_meets_its_end(
    script, http, settings
):
    moment = Moment()
    session = Session(http, settings, clock=moment)
    await session.cookie()
    moment.now = 29 * 60
    await session.cookie()
    moment.now += 29 * 60
    await session.cookie()
    assert script.logins == 1

    moment.now += 30 * 60
    await session.cookie()
    assert script.logins == 2


async def test_the_client_alone_opens_works_and_logs_out(world, monkeypatch):
    settings = ClientSettings(**world.settings())
    monkeypatch.setattr(
        alone, "open_line", lambda _settings: httpx.AsyncClient(transport=world.transport())
    )

    async with connected(settings) as sap:
        page = await sap.rows("Items", select=["ItemCode"], order_by="ItemCode")

    assert [row["ItemCode"] for row in page.rows] == ["MUG", "TEA"]
    assert world.requests()["POST Logout"] == 1
