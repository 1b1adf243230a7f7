"""Several sessions over several nodes: spread, grown when worth it, and given up one by one."""

import asyncio

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.cookies import SavedSession
from b1bridge.connectors.sap_b1.client.pool import BUSY
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.errors import ConnectionBroken, Transient

pytestmark = pytest.mark.anyio
ORDERS = "Orders?$select=DocEntry"
ENDED = {"error": {"code": 301, "message": {"lang": "en-us", "value": "Invalid session."}}}


class Nodes:
    """A balancer before nodes: each login goes to the next one, and a session may be forgotten."""

    def __init__(self, nodes=3, licences=99):
        self.nodes = nodes
        self.licences = licences
        self.living = {}
        self.logins = 0
        self.seen = []
        self.dead = set()
        self.hold = asyncio.Event()
        self.hold.set()

    async def __call__(self, request):
        if request.url.path.endswith("/Login"):
            return self._log_in()
        cookies = dict(p.split("=", 1) for p in request.headers.get("Cookie", "").split("; ") if p)
        session, node = cookies.get("B1SESSION"), cookies.get("ROUTEID")
        if request.url.path.endswith("/Logout"):
            self.living.pop(session, None)
            return httpx.Response(204)
        self.seen.append((session, node))
        await self.hold.wait()
        if node in self.dead:
            return httpx.Response(503, html="<title>503 Service Unavailable</title>")
        if session not in self.living:
            return httpx.Response(401, json=ENDED)
        route = node or ".node9"
        return httpx.Response(
            200, headers=[("Set-Cookie", f"ROUTEID={route}; path=/b1s")], json={"value": []}
        )

    def _log_in(self):
        if len(self.living) >= self.licences:
            text = "Maximum number of licences reached"
            return httpx.Response(401, json={"error": {"code": -1, "message": text}})
        self.logins += 1
        node = f".node{(self.logins - 1) % self.nodes + 1}"
        self.living[f"s{self.logins}"] = node
        cookies = [
            ("Set-Cookie", f"B1SESSION=s{self.logins};HttpOnly;"),
            ("Set-Cookie", f"ROUTEID={node}; path=/b1s"),
        ]
        return httpx.Response(200, headers=cookies, json={"SessionTimeout": 30})


@pytest.fixture
def nodes():
    return Nodes()


@pytest.fixture
async def http(nodes):
    async with httpx.AsyncClient(transport=httpx.MockTransport(nodes)) as client:
        yield client


@pytest.fixture
def many(settings):
    return settings.model_copy(update={"sessions": 3})


async def load(service, calls):
    return await asyncio.gather(*(service.get(ORDERS) for _ in range(calls)))


async def warm_up(service, nodes):
    """Keep SAP busy for long enough, several times, that another session is worth a login."""
    for _ in range(4):
        nodes.hold.clear()
        calls = [asyncio.create_task(service.get(ORDERS)) for _ in range(8)]
        for _ in range(100):
            await asyncio.sleep(0)
        nodes.hold.set()
        await asyncio.gather(*calls)


async def test_one_call_after_the_other_needs_one_session(nodes, http, many):
    service = ServiceLayer(http, many)

    for _ in range(20):
        await service.get(ORDERS)

    assert nodes.logins == 1


async def test_load_opens_as_many_sessions_as_allowed_each_on_its_node(nodes, http, many):
    service = ServiceLayer(http, many)
    await warm_up(service, nodes)

    nodes.seen.clear()
    await warm_up(service, nodes)

    assert nodes.logins == 3
    assert set(nodes.seen) == {("s1", ".node1"), ("s2", ".node2"), ("s3", ".node3")}


async def test_each_session_gets_about_as_much(nodes, http, many):
    service = ServiceLayer(http, many)
    await warm_up(service, nodes)
    nodes.seen.clear()

    await warm_up(service, nodes)

    shares = [sum(session == name for session, _ in nodes.seen) for name in ("s1", "s2", "s3")]
    assert max(shares) - min(shares) <= 4 * BUSY


async def test_no_licence_for_another_session_hurts_nobody_and_is_not_asked_again(
    http, many, nodes
):
    nodes.licences = 1
    service = ServiceLayer(http, many)

    await warm_up(service, nodes)

    assert nodes.logins == 1


async def test_a_session_that_cannot_be_renewed_makes_way_for_the_others(nodes, http, many):
    service = ServiceLayer(http, many)
    await warm_up(service, nodes)
    del nodes.living["s2"]
    nodes.licences = 2  # and somebody else took its place

    pages = await load(service, 40)

    assert len(pages) == 40
    assert set(nodes.living) == {"s1", "s3"}


async def test_the_last_session_is_not_given_up(nodes, http, many):
    service = ServiceLayer(http, many)
    await service.get(ORDERS)
    nodes.living.clear()
    nodes.licences = 0

    with pytest.raises(ConnectionBroken, match="licen"):
        await service.get(ORDERS)


async def test_a_dead_node_is_left_and_its_session_goes_on_elsewhere(nodes, http, settings):
    service = ServiceLayer(http, settings)
    await service.get(ORDERS)
    nodes.dead = {".node1"}

    with pytest.raises(Transient):
        await service.get(ORDERS)
    await service.get(ORDERS)
    await service.get(ORDERS)

    assert nodes.logins == 1
    assert nodes.seen[-2:] == [("s1", None), ("s1", ".node9")]


async def test_closing_logs_every_session_out(nodes, http, many):
    service = ServiceLayer(http, many)
    await warm_up(service, nodes)

    await service.close()

    assert nodes.living == {}


async def test_another_process_goes_on_in_a_saved_session(nodes, http, settings):
    first = ServiceLayer(http, settings)
    await first.get(ORDERS)
    saved = first.saved_sessions()
    await first.close(log_out=False)

    second = ServiceLayer(http, settings, resumed=saved)
    await second.get(ORDERS)

    assert nodes.logins == 1
    assert nodes.seen == [("s1", ".node1"), ("s1", ".node1")]


async def test_a_saved_session_that_has_ended_costs_one_login(nodes, http, settings):
    service = ServiceLayer(http, settings, resumed=[SavedSession("long gone", ".node2")])

    await service.get(ORDERS)

    assert nodes.logins == 1


def test_a_saved_session_does_not_print_its_secret():
    assert "s3cr3t" not in repr(SavedSession("s3cr3t", ".node1"))


async def test_sessions_are_spread_while_all_are_slow(nodes, http, many):
    service = ServiceLayer(http, many)
    await warm_up(service, nodes)
    nodes.seen.clear()
    nodes.hold.clear()

    calls = [asyncio.create_task(service.get(ORDERS)) for _ in range(3)]
    for _ in range(100):
        await asyncio.sleep(0)
    nodes.hold.set()
    await asyncio.gather(*calls)

    assert sorted(session for session, _ in nodes.seen) == ["s1", "s2", "s3"]
