"""The doctor names what is wrong with a connection, and the way out."""

import httpx
import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.sdk.door import DOOR as DOOR_OF
from b1bridge.testing.worlds import client_for, line_to

pytestmark = pytest.mark.anyio

DOOR = "https://hub.example/notices/shop"


@pytest.fixture
def living(contract):
    """Return a store whose clock goes, since the doctor compares clocks."""
    world = Simulator(contract=contract)
    yield world
    assert world.violations == []


OPEN = httpx.Response(200, json={DOOR_OF: "shop"})


class Internet(httpx.AsyncBaseTransport):
    """The store at its address, and at ours what answers there; None for nobody."""

    def __init__(self, world, door):
        self.store = line_to(world)
        self.door = door

    async def handle_async_request(self, request):
        if request.url.host != "hub.example":
            return await self.store.handle_async_request(request)
        if self.door is None:
            nobody = "connection refused"
            raise httpx.ConnectError(nobody, request=request)
        return self.door


async def look(world, *, door=OPEN, **changes):
    settings = Settings(**(world.settings() | changes))
    async with client_for(world, Internet(world, door)) as http:
        return [finding async for finding in CONNECTOR.doctor(settings, http)]


async def register(world, scope, *, is_active=True):
    hook = {"scope": scope, "destination": DOOR, "is_active": is_active}
    async with client_for(world) as http:
        url = f"/stores/{world.store.store_hash}/v3/hooks"
        await http.post(url, json=hook, headers={"X-Auth-Token": world.store.access_token})


async def test_a_well_connection_has_nothing_to_fix(living):
    living.shopper_orders([("A", 1, "1.00", "0")])
    await register(living, "store/order/*")
    await register(living, "store/shipment/*")
    await register(living, "store/customer/*")

    findings = await look(living, webhook_url=DOOR)

    assert [finding.check for finding in findings if not finding.well] == []
    assert "EUR" in findings[0].message


async def test_a_wrong_token_ends_the_visit(living):
    findings = await look(living, access_token="old")

    assert [(finding.check, finding.well) for finding in findings] == [("token", False)]
    assert "API account" in findings[0].fix


@pytest.mark.parametrize(
    ("missing", "check"),
    [
        ("orders", "scope Orders: modify"),
        ("customers", "scope Customers: read-only"),
        ("inventory", "scope Store Inventory: modify"),
        ("transactions", "scope Order Transactions: read-only"),
    ],
)
async def test_a_missing_scope_is_named(living, missing, check):
    living.shopper_orders([("A", 1, "1.00", "0")])
    living.store.scopes_refused.add(missing)

    sick = [finding for finding in await look(living) if not finding.well]

    assert check in [finding.check for finding in sick]


async def test_a_clock_that_is_off_is_found(make_world):
    sick = {finding.check for finding in await look(make_world()) if not finding.well}

    assert "clock" in sick


async def test_missing_and_switched_off_webhooks_are_told_apart(living):
    await register(living, "store/order/*", is_active=False)

    said = {finding.check: finding.message for finding in await look(living, webhook_url=DOOR)}

    assert "switched off" in said["webhook store/order/*"]
    assert said["webhook store/customer/*"] == "not registered"


async def test_a_store_that_is_only_polled_is_well(living):
    findings = await look(living)

    assert [finding.check for finding in findings if not finding.well] == []
    assert "polled only" in {finding.check: finding.message for finding in findings}["webhooks"]


@pytest.mark.parametrize(
    ("door", "said"),
    [
        (None, "could not be reached"),
        (httpx.Response(404, json={"title": "Not Found"}), "HTTP 404"),
        (httpx.Response(200, html="<html>Welcome to nginx</html>"), "not JSON"),
        (httpx.Response(200, json={"status": "ok"}), "not our door"),
    ],
)
async def test_a_door_that_is_not_ours_or_not_there_is_told_with_the_way_out(living, door, said):
    await register(living, "store/order/*")
    await register(living, "store/shipment/*")
    await register(living, "store/customer/*")

    findings = await look(living, door=door, webhook_url=DOOR)

    [sick] = [finding for finding in findings if not finding.well]
    assert sick.check == "inbound door"
    assert said in sick.message
    assert "b1bridge serve" in sick.fix


async def test_an_open_door_is_named_with_its_connection(living):
    said = {finding.check: finding.message for finding in await look(living, webhook_url=DOOR)}

    assert said["inbound door"] == f"{DOOR} leads from this machine to the door of 'shop'"
