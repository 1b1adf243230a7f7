"""A CRM in a hub: fields made on request, a budget that outlives a restart, one case a day."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from b1bridge.bootstrap import Hub
from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.domain.crm_fields import ALL
from b1bridge.errors import NeedsOperator

pytestmark = pytest.mark.anyio
KEYS = 2  # of organizations and persons; products carry theirs as their code


def opened(home, world):
    return Hub.open(home, transports={"crm": httpx.ASGITransport(world.app)})


async def idle(hub):
    while not await hub.idle():  # noqa: ASYNC110 - a worker rings no bell
        await asyncio.sleep(0.02)


@pytest.fixture
def world():
    return Simulator(plan="LITE", seats=1)


async def test_fields_are_made_once(tmp_path, world):
    async with await opened(tmp_path, world) as hub:
        await hub.add_connection("crm", "pipedrive", world.settings())

        before = await hub.crm.missing_fields("crm")
        made = await hub.crm.provision("crm")

        assert len(before) == len(made) == len(ALL) + KEYS
        assert await hub.crm.missing_fields("crm") == await hub.crm.provision("crm") == ()


async def test_what_was_spent_is_known_after_a_restart(tmp_path, world):
    async with await opened(tmp_path, world) as hub:
        await hub.add_connection("crm", "pipedrive", world.settings())
        await hub.crm.provision("crm")
    async with await opened(tmp_path, world) as hub:
        report = await hub.crm.budget("crm")

    assert report.used == sum(world.ledger.spent.values()) > 0
    assert report.daily == 30_000


async def test_a_connection_that_is_no_crm_says_so(tmp_path):
    async with await Hub.open(tmp_path) as hub:
        await hub.add_connection("api", "rest", {"books": "books"})

        with pytest.raises(NeedsOperator, match="no custom fields"):
            await hub.crm.provision("api")
        with pytest.raises(NeedsOperator, match="does not count"):
            await hub.crm.budget("api")


async def test_a_budget_that_is_nearly_used_opens_one_case_a_day(tmp_path, world):
    async with await opened(tmp_path, world) as hub:
        await hub.add_connection("crm", "pipedrive", world.settings() | {"alert_at": 0.001})
        await hub.crm.provision("crm")
        await hub._storage.syncs.queue_budget("crm", datetime.now(UTC))  # noqa: SLF001
        await hub.start_worker(schedule=False)
        await idle(hub)
        first = await hub.cases()
        await hub.ignore_case(first[0].id, "load of the first day", "ann")
        await hub._storage.syncs.queue_budget("crm", datetime.now(UTC))  # noqa: SLF001
        await idle(hub)

        assert [(case.reason, case.ref) for case in first] == [("BUDGET", "crm/all/budget")]
        assert await hub.cases() == []
