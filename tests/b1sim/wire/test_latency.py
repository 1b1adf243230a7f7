"""How long answers take: SAP's table, its knee, and how it is scaled."""

import asyncio

import httpx
import pytest

from b1sim.quirks.latency import KNEE, Stopwatch, factor_of, seconds
from b1sim.world import World

pytestmark = pytest.mark.anyio
CHAIN = ("Orders", "DeliveryNotes", "Invoices")


def chains_per_second(concurrent):
    """Tell how many orders with delivery and invoice come through at a concurrency."""
    return concurrent / sum(seconds("POST", resource, concurrent) for resource in CHAIN)


@pytest.mark.parametrize(
    ("concurrent", "published"),
    [(20, (4.2, 9.4, 6.9)), (40, (3.2, 10.1, 6.3)), (60, (3.9, 18.4, 8.0))],
)
def test_the_published_rows_are_met(concurrent, published):
    found = [seconds("POST", resource, concurrent) for resource in CHAIN]

    assert found == pytest.approx(published)


def test_throughput_is_best_at_the_knee():
    rates = {n: chains_per_second(n) for n in (1, 4, 8, 16, 20, 40, 60, 80, 200)}

    assert max(rates, key=rates.get) == KNEE
    assert rates[20] == pytest.approx(0.98, abs=0.01)
    assert rates[200] < rates[60] < rates[40]


@pytest.mark.parametrize("resource", ["Items", "Login", "BusinessPartners"])
def test_what_was_not_published_has_the_same_knee(resource):
    assert seconds("GET", resource, 4) == seconds("GET", resource, KNEE)
    assert seconds("PATCH", resource, 2 * KNEE) == 2 * seconds("PATCH", resource, KNEE)


@pytest.mark.parametrize(
    ("profile", "factor"),
    [("none", 0), ("published", 1), ("published/100", 0.01), ("0.5", 0.5), ("2", 2)],
)
def test_a_profile_is_read_as_a_factor(profile, factor):
    assert factor_of(profile) == pytest.approx(factor)


@pytest.mark.parametrize(
    "profile", ["fast", "published/x", "published/0", "published/", "-1", "nan", "inf", ""]
)
def test_another_profile_is_refused(profile):
    with pytest.raises(ValueError, match=r"."):
        factor_of(profile)


def test_the_same_seed_draws_the_same_times():
    drawn = [
        [watch.work("POST", "Orders", 40) for _ in range(50)]
        for watch in (Stopwatch(7), Stopwatch(7), Stopwatch(8))
    ]

    assert drawn[0] == drawn[1] != drawn[2]
    assert sum(drawn[0]) / 50 == pytest.approx(3.2, rel=0.1)
    assert all(2.5 < took < 3.9 for took in drawn[0])


@pytest.mark.parametrize(("password", "least", "most"), [("b1sim", 3, 8), ("wrong", 10, 13)])
async def test_a_rejected_login_is_slower_than_a_good_one(
    clock, credentials, password, least, most
):
    taken = []

    async def nap(seconds):
        taken.append(seconds)

    with World(seed=False, clock=clock, sleep=nap) as world:
        world.quirks.latency = "published"
        line = httpx.AsyncClient(transport=world.transport(), base_url=world.base_url)
        async with line as client:
            await client.post("/b1s/v2/Login", json=credentials | {"Password": password})

    assert least <= sum(taken) <= most


async def longest_of_ten(clock, credentials, nodes):
    """Post ten deliveries at once in one session; tell the longest time of half of one."""
    taken = []

    async def nap(seconds):
        taken.append(seconds)
        await asyncio.sleep(0.01)

    with World(seed=False, clock=clock, nodes=nodes, sleep=nap) as world:
        line = httpx.AsyncClient(transport=world.transport(), base_url=world.base_url)
        async with line as client:
            await client.post("/b1s/v2/Login", json=credentials)
            world.quirks.latency = "published"
            posts = (client.post("/b1s/v2/DeliveryNotes", json={}) for _ in range(10))
            await asyncio.gather(*posts)
    return max(taken)


async def test_one_session_cannot_use_more_than_its_nodes_share(clock, credentials):
    whole = await longest_of_ten(clock, credentials, nodes=1)
    eighth = await longest_of_ten(clock, credentials, nodes=8)

    assert whole == pytest.approx(9.4 / 2, rel=0.2)
    assert eighth > 2 * whole


@pytest.mark.parametrize("nodes", [1, 4])
async def test_more_sessions_spread_over_the_nodes(clock, credentials, nodes):
    with World(seed=False, clock=clock, nodes=nodes) as world:
        for _ in range(8):
            line = httpx.AsyncClient(transport=world.transport(), base_url=world.base_url)
            async with line as client:
                await client.post("/b1s/v2/Login", json=credentials)
                await client.get("/b1s/v2/Orders/$count")

    assert {node.requests for node in world.trouble.balancer.nodes} == {16 // nodes}
