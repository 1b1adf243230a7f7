"""Several nodes behind one balancer: affinity, silent logins, and the death of a node."""

import asyncio
import re

import httpx
import pytest

from b1sim.world import World

pytestmark = pytest.mark.anyio
COUNT = "/b1s/v2/Orders/$count"


class Naps:
    """Remembers how long requests took, and takes no time."""

    def __init__(self):
        self.taken = []

    async def __call__(self, seconds):
        self.taken.append(seconds)


@pytest.fixture
def naps():
    return Naps()


@pytest.fixture
def world(clock, naps):
    with World(seed=False, clock=clock, control=True, nodes=3, sleep=naps) as world:
        yield world


def node_of(reply):
    """The node that answered: a reply names it where the request did not."""
    named = [*reply.headers.get_list("set-cookie"), reply.request.headers.get("cookie", "")]
    routes = [found for cookie in named if (found := re.search(r"ROUTEID=\.node(\d+)", cookie))]
    return int(routes[0][1])


async def ask(client, session, node=None):
    """Ask as a session, at a node or wherever the balancer sends it."""
    client.cookies.clear()
    route = "" if node is None else f"; ROUTEID=.node{node}"
    return await client.get(COUNT, headers={"Cookie": f"B1SESSION={session}{route}"})


@pytest.fixture
async def login(stranger, credentials):
    """A session on node 1."""
    reply = await stranger.post("/b1s/v2/Login", json=credentials)
    assert node_of(reply) == 1
    return reply.json()["SessionId"]


async def test_strangers_are_sent_round_and_sessions_stay(stranger, credentials):
    logins = []
    for _ in range(4):
        stranger.cookies.clear()
        logins.append(await stranger.post("/b1s/v2/Login", json=credentials))
    session = logins[1].json()["SessionId"]

    stays = [node_of(await ask(stranger, session, 2)) for _ in range(3)]

    assert [node_of(reply) for reply in logins] == [1, 2, 3, 1]
    assert stays == [2, 2, 2]


async def test_without_a_route_another_node_logs_in_silently(world, stranger, login):
    first = await ask(stranger, login)
    again = await ask(stranger, login, node_of(first))

    assert (first.status_code, again.status_code) == (200, 200)
    assert node_of(first) == 2
    assert world.trouble.balancer.relogins == 1


async def test_the_silent_login_is_slow(world, stranger, login, naps):
    world.quirks.latency = "published"
    await ask(stranger, login, 1)
    at_home, naps.taken = sum(naps.taken), []

    await ask(stranger, login, 2)

    assert at_home < 0.2
    assert 3 <= sum(naps.taken) <= 8.2


async def test_an_unknown_route_is_sent_to_the_next_node(stranger, login):
    assert (await ask(stranger, login, 9)).status_code == 200


async def test_a_dead_node_costs_a_503_and_then_others_take_over(world, stranger, login, clock):
    world.lose_node(1, seconds=90)

    lost = await ask(stranger, login, 1)
    taken_over = await ask(stranger, login, 1)
    clock.pass_minutes(2)
    back = await ask(stranger, login, 1)

    assert lost.status_code == 503
    assert lost.headers["Content-Type"].startswith("text/html")
    assert (taken_over.status_code, back.status_code) == (200, 200)
    assert node_of(taken_over) in {2, 3}
    assert node_of(back) == 1
    assert world.trouble.balancer.relogins == 2


async def test_a_request_in_the_node_that_dies_is_answered_502(clock, credentials):
    async def interrupted(seconds):
        world.lose_node(1)
        await asyncio.sleep(seconds)

    with World(seed=False, clock=clock, nodes=2, sleep=interrupted) as world:
        line = httpx.AsyncClient(transport=world.transport(), base_url=world.base_url)
        async with line as client:
            await client.post("/b1s/v2/Login", json=credentials)
            world.slow("Orders", 300)
            reply = await client.get(COUNT)

    assert reply.status_code == 502
    assert "Error reading from remote server" in reply.text
    assert world.trouble.balancer.nodes[0].in_work == 0


async def test_with_every_node_dead_there_is_only_503(world, stranger, login):
    for number in (1, 2, 3):
        world.lose_node(number)

    seen = {(await ask(stranger, login)).status_code for _ in range(6)}
    world.start_node(2)
    back = await ask(stranger, login)

    assert seen == {503}
    assert (back.status_code, node_of(back)) == (200, 2)


async def test_ping_tells_the_nodes_apart(world, stranger):
    world.lose_node(2)

    pings = [await stranger.get(f"/ping/node/{number}") for number in (1, 2, 4)]

    assert [ping.status_code for ping in pings] == [200, 503, 503]
    assert pings[1].json() == {"message": "Service Unavailable"}
    assert pings[2].json()["message"] == "node 4 does not exist"


async def test_the_control_api_loses_and_starts_nodes(stranger):
    lost = await stranger.post("/control/nodes/3/away", json={"seconds": 5})
    state = (await stranger.get("/control/state")).json()
    await stranger.delete("/control/nodes/3/away")
    again = (await stranger.get("/control/state")).json()
    unknown = await stranger.post("/control/nodes/9/away", json={})

    assert (lost.status_code, unknown.status_code) == (204, 422)
    assert [node["up"] for node in state["nodes"]] == [True, True, False]
    assert all(node["up"] for node in again["nodes"])


async def test_a_node_may_die_under_a_write_that_is_kept(world, stranger, login):
    stranger.cookies.clear()
    partner = {"CardCode": "C1", "CardName": "Corner Shop", "CardType": "cCustomer"}
    cookies = {"Cookie": f"B1SESSION={login}; ROUTEID=.node1"}
    await stranger.post(
        "/control/faults",
        json={"what": "node_lost", "when": "after", "method": "POST", "seconds": 60},
    )

    reply = await stranger.post("/b1s/v2/BusinessPartners", json=partner, headers=cookies)

    assert reply.status_code == 502
    assert world.trouble.balancer.up() == [False, True, True]
    assert world.company.count("BusinessPartners") == 1


def test_a_service_layer_has_at_least_one_node(clock):
    with pytest.raises(ValueError, match="at least one node"):
        World(seed=False, clock=clock, nodes=0)
