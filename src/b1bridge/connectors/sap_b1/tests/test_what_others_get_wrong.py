"""What users of other clients report as broken (sap-service-layer.md 11) is tried on ours."""

import asyncio

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.batch import Batch
from b1bridge.connectors.sap_b1.client.breaker import Breaker
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer, page_of
from b1bridge.errors import ConnectionBroken, OutcomeUnknown, Rejected, Transient
from b1sim.company import clerk
from b1sim.world import World

pytestmark = pytest.mark.anyio
ITEM = "Items('TEA')?$select=ItemCode"
URL = "https://sap.test:50000"
MINUTE = 60


@pytest.fixture
async def service(world_settings, line):
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


@pytest.fixture
def cluster():
    """Run three nodes behind one balancer."""
    with World(seed=False, nodes=3) as world:
        clerk.add_partner(world.company, "C1", "Anna Ek")
        clerk.add_item(world.company, "TEA", "Earl Grey", stock="100")
        yield world


@pytest.fixture
async def far_line(cluster):
    async with httpx.AsyncClient(transport=cluster.transport(), base_url=URL) as client:
        yield client


@pytest.fixture
async def spread(far_line, world_settings):
    """Reach the cluster over three sessions."""
    settings = world_settings.model_copy(update={"sessions": 3})
    service = ServiceLayer(far_line, settings)
    yield service
    await service.close()


def order(partner="C1"):
    lines = [{"ItemCode": "TEA", "Quantity": 1, "UnitPrice": 5}]
    return {"CardCode": partner, "DocDueDate": "2099-12-01", "DocumentLines": lines}


async def busy(world, service, calls=8):
    """Keep SAP so busy for a while that more sessions are worth a login."""
    for _ in range(4):
        world.slow("Items", 0.02, times=calls)
        await asyncio.gather(*(service.get(ITEM) for _ in range(calls)))


async def test_a_session_slides_with_use_and_ends_without(world, service):
    for _ in range(4):
        await service.get(ITEM)
        world.pass_time(29 * MINUTE)
    await service.get(ITEM)
    assert world.requests()["POST Login"] == 1

    world.pass_time(31 * MINUTE)
    await service.get(ITEM)

    assert world.requests()["POST Login"] == 2


async def test_a_storm_of_401_is_no_storm_of_logins(world, service):
    await service.get(ITEM)
    world.storm_of_401(20, resource="Items")

    await asyncio.gather(*(service.get(ITEM) for _ in range(20)), return_exceptions=True)

    assert world.requests()["POST Login"] <= 3


async def test_wrong_credentials_are_tried_once_however_many_ask(world, line, world_settings):
    wrong = world_settings.model_copy(update={"company_db": "NOWHERE"})
    service = ServiceLayer(line, wrong)

    results = await asyncio.gather(*(service.get(ITEM) for _ in range(30)), return_exceptions=True)

    assert {type(result) for result in results} == {ConnectionBroken}
    assert world.requests() == {"POST Login": 1}


async def test_a_line_cut_while_idle_costs_a_reader_nothing(world, service):
    await service.open()
    world.drop_request("Items")

    assert (await service.get(ITEM))["ItemCode"] == "TEA"


async def test_a_line_cut_under_a_write_is_never_repeated_blindly(world, service):
    await service.open()
    world.lose_reply("Orders")

    with pytest.raises(OutcomeUnknown):
        await service.post("Orders", order())

    assert world.requests()["POST Orders"] == 1


async def test_a_procedure_that_kills_the_node_leaves_the_outcome_open_and_the_rest_alive(
    cluster, spread
):
    await spread.open()
    cluster.bad_gateway("$batch")
    batch = Batch()
    batch.change_set().post("Orders", order())

    with pytest.raises(OutcomeUnknown, match="502"):
        await spread.send_batch(batch)

    assert (await spread.get(ITEM))["ItemCode"] == "TEA"


async def test_load_spreads_over_the_nodes(cluster, spread):
    await busy(cluster, spread)

    assert cluster.requests()["POST Login"] == 3
    assert all(node.requests > 1 for node in cluster.trouble.balancer.nodes)


async def test_a_node_that_dies_costs_a_call_and_no_session(cluster, spread):
    await busy(cluster, spread)
    cluster.lose_node(1)

    results = await asyncio.gather(*(spread.get(ITEM) for _ in range(9)), return_exceptions=True)
    after = [await spread.get(ITEM) for _ in range(9)]

    assert {type(result) for result in results} <= {dict, Transient}
    assert all(found["ItemCode"] == "TEA" for found in after)
    assert cluster.requests()["POST Login"] == 3


async def test_too_few_licences_for_more_sessions_leave_one_at_work(cluster, spread):
    cluster.quirks.sessions_per_user = 1

    await busy(cluster, spread)

    assert (await spread.get(ITEM))["ItemCode"] == "TEA"
    assert cluster.requests()["POST Login"] == 2


async def test_an_outage_is_not_hammered_and_its_end_is_noticed(world, line, world_settings):
    now = [0.0]
    service = ServiceLayer(line, world_settings, breaker=Breaker(clock=lambda: now[0]))
    await service.open()
    world.go_away(3600)
    before = sum(world.requests().values())

    for _ in range(50):
        with pytest.raises(Transient):
            await service.get(ITEM)
    assert sum(world.requests().values()) - before <= 5

    world.come_back()
    now[0] += 60
    assert (await service.get(ITEM))["ItemCode"] == "TEA"


async def test_an_outage_before_the_first_login_is_not_hammered_either(world, line, world_settings):
    service = ServiceLayer(line, world_settings, breaker=Breaker(clock=lambda: 0.0))
    world.go_away(3600, "refused")
    asked = []
    line.event_hooks["request"] = [_noting(asked)]

    for _ in range(30):
        with pytest.raises(Transient):
            await service.get(ITEM)

    assert len(asked) == 5


def _noting(asked):
    async def note(request):
        asked.append(request)

    return note


@pytest.mark.parametrize("count", [5, "5"])
@pytest.mark.parametrize("name", ["@odata.count", "odata.count"])
def test_an_inline_count_is_a_number_or_a_text(name, count):
    assert page_of({"value": [], name: count}).count == 5


async def test_an_inline_count_is_asked_of_either_version_in_its_own_words(service):
    page = await service.rows("Items", select=["ItemCode"], page_size=1, count=True)

    assert (len(page.rows), page.more, page.count) == (1, True, 2)


@pytest.mark.parametrize(("body", "value"), [(b'"a text"', "a text"), (b"12.5", "12.5")])
async def test_a_service_may_answer_with_a_bare_value(script, http, settings, body, value):
    service = ServiceLayer(http, settings)
    await service.open()
    script.answers = [httpx.Response(200, content=body)]

    assert str((await service.ask("SBOBobService_GetLocalCurrency"))["value"]) == value


async def test_the_balancer_and_its_nodes_are_pinged_without_a_session(cluster, spread):
    cluster.lose_node(2)

    assert await spread.ping() == "load balancer"
    assert await spread.ping(1) == "node1"
    with pytest.raises(Transient, match="Service Unavailable"):
        await spread.ping(2)
    with pytest.raises(Transient, match="node 9 does not exist"):
        await spread.ping(9)
    assert "POST Login" not in cluster.requests()


async def test_an_error_inside_a_change_set_that_names_no_cause_is_still_a_refusal(service):
    batch = Batch()
    changes = batch.change_set()
    bad = changes.post("Orders", order("nobody"))
    changes.post("Orders", order())

    result = await service.send_batch(batch)

    with pytest.raises(Rejected):
        result.fields(bad)
