"""The doctor names what is wrong with a connection, and the way out."""

import pytest

from b1bridge.connectors.bigcommerce import CONNECTOR
from b1bridge.connectors.bigcommerce.settings import Settings
from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.testing.worlds import client_for

pytestmark = pytest.mark.anyio

DOOR = "https://hub.example/notices/shop"


@pytest.fixture
def living(contract):
    """Return a store whose clock goes, since the doctor compares clocks."""
    world = Simulator(contract=contract)
    yield world
    assert world.violations == []


async def look(world, **changes):
    settings = Settings(**(world.settings() | changes))
    return [finding async for finding in CONNECTOR.doctor(settings, client_for(world))]


async def register(world, scope, *, is_active=True):
    hook = {"scope": scope, "destination": DOOR, "is_active": is_active}
    async with client_for(world) as http:
        url = f"/stores/{world.store.store_hash}/v3/hooks"
        await http.post(url, json=hook, headers={"X-Auth-Token": world.store.access_token})


async def test_a_well_connection_has_nothing_to_fix(living):
    living.shopper_orders([("A", 1, "1.00", "0")])
    await register(living, "store/order/*")
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


async def test_without_a_door_polling_is_all_there_is(living):
    said = {finding.check: finding.message for finding in await look(living)}

    assert "polling" in said["webhooks"]
