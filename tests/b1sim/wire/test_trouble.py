"""Faults on request: in the world, and through the control API that must be asked for."""

import httpx
import pytest

from b1sim.quirks.faults import Fault
from b1sim.world import World

pytestmark = pytest.mark.anyio
PARTNER = {"CardCode": "C1", "CardName": "Corner Shop", "CardType": "cCustomer"}


async def test_a_dead_node_shows_as_apaches_page(world, v2):
    world.bad_gateway("Orders")

    reply = await v2.get("Orders")

    assert reply.status_code == 502
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "502 Proxy Error" in reply.text
    assert "Error reading from remote server" in reply.text
    assert (await v2.get("Orders")).status_code == 200


async def test_a_502_may_come_after_the_work_was_done(world, v2):
    world.bad_gateway("BusinessPartners", method="POST", when="after")

    reply = await v2.post("BusinessPartners", json=PARTNER)

    assert reply.status_code == 502
    assert (await v2.get("BusinessPartners/$count")).text == "1"


async def test_any_code_and_status_can_be_answered(world, v1):
    world.refuse("Orders", -2038, "Locked by another user", status=409, times=2)

    replies = [await v1.get("Orders") for _ in range(3)]

    assert [reply.status_code for reply in replies] == [409, 409, 200]
    assert replies[0].json()["error"]["code"] == -2038


async def test_an_outage_ends_by_the_clock(world, v1, clock):
    world.go_away(90)
    away = await v1.get("Orders")
    clock.pass_minutes(2)

    assert away.status_code == 503
    assert away.headers["Content-Type"].startswith("text/html")
    assert (await v1.get("Orders")).status_code == 200


async def test_an_outage_may_look_like_nobody_listening(world, v1):
    world.go_away(90, mode="refused")

    with pytest.raises(httpx.ConnectError):
        await v1.get("Orders")

    world.calm()
    assert (await v1.get("Orders")).status_code == 200


async def test_the_control_api_arms_a_fault_and_counts_it(stranger, v2):
    fault = {"what": "hang_up", "when": "after", "method": "WRITE", "resource": "BusinessPartners"}

    armed = await stranger.post("/control/faults", json=fault)
    with pytest.raises(httpx.RemoteProtocolError):
        await v2.post("BusinessPartners", json=PARTNER)
    state = (await stranger.get("/control/state")).json()

    assert armed.status_code == 201
    assert state["happened"] == {"hang_up after": 1}
    assert state["requests"]["POST BusinessPartners"] == 1
    assert state["records"]["BusinessPartners"] == 1
    assert state["armed"] == []


async def test_the_control_api_drops_sessions_and_goes_away(stranger, v2):
    dropped = await stranger.delete("/control/sessions")
    lost = await v2.get("Orders")
    await stranger.post("/control/away", json={"seconds": 60})
    away = await v2.get("Orders")
    await stranger.delete("/control/away")
    back = await v2.get("Orders")

    assert dropped.json() == {"dropped": 1}
    assert (lost.status_code, away.status_code, back.status_code) == (401, 503, 401)


async def test_a_fault_with_an_unknown_field_is_refused(stranger):
    reply = await stranger.post("/control/faults", json={"what": "explode"})

    assert reply.status_code == 422


async def test_without_asking_there_is_no_control_api(clock):
    with World(seed=False, clock=clock) as world:
        transport = world.transport()
        async with httpx.AsyncClient(transport=transport, base_url=world.base_url) as client:
            reply = await client.get("/control/state")

    assert reply.status_code == 404


async def test_a_node_may_be_overloaded_or_answer_nothing_at_all(world, v2):
    world.trouble.faults.arm(Fault("unavailable"))
    overloaded = await v2.get("Orders")
    world.trouble.faults.arm(Fault("empty"))
    empty = await v2.get("Orders")

    assert (overloaded.status_code, empty.status_code) == (503, 500)
    assert overloaded.headers["Content-Type"].startswith("text/html")
    assert empty.content == b""


async def test_the_control_api_changes_switches_while_it_runs(stranger, credentials):
    changed = await stranger.patch("/control/quirks", json={"licences": 0})
    login = await stranger.post("/b1s/v2/Login", json=credentials)

    assert changed.json()["licences"] == 0, changed.text
    assert changed.json() == (await stranger.get("/control/quirks")).json()
    assert login.status_code == 401


@pytest.mark.parametrize(
    "wrong", [{"licenses": 1}, {"latency": "fast"}, {"page_size": "many"}, [], "x"]
)
async def test_a_wrong_switch_changes_nothing(stranger, wrong):
    before = (await stranger.get("/control/quirks")).json()

    reply = await stranger.patch("/control/quirks", json=wrong)

    assert reply.status_code == 422
    assert (await stranger.get("/control/quirks")).json() == before


async def test_time_passes_at_once_through_the_control_api(stranger, v2):
    moved = await stranger.post("/control/clock", json={"seconds": 31 * 60})
    late = await v2.get("Orders/$count")

    assert moved.json()["now"].startswith("2026-11-20T10:31")
    assert late.status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "hang_up", "often": 3},
        {"what": "answer", "status": 99},
        {"what": "delay", "seconds": -1},
        {"what": "hang_up", "times": 0},
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(stranger, wrong):
    assert (await stranger.post("/control/faults", json=wrong)).status_code == 422
