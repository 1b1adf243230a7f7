"""Companies in memory, and connections to them; every exchange keeps the published contract."""

import asyncio
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from b1bridge.connectors.pipedrive import CONNECTOR
from b1bridge.connectors.pipedrive.account import Company
from b1bridge.connectors.pipedrive.budget import Budget
from b1bridge.connectors.pipedrive.bursts import Bursts, most_at_once
from b1bridge.connectors.pipedrive.client import Client
from b1bridge.connectors.pipedrive.connector import Pipedrive
from b1bridge.connectors.pipedrive.fields import Fields
from b1bridge.connectors.pipedrive.listings import directories_of
from b1bridge.connectors.pipedrive.oauth import OAuth
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.connectors.pipedrive.simulator import Simulator
from b1bridge.connectors.pipedrive.tests.contract import Checked, contract_at
from b1bridge.domain.crm_fields import ALL
from b1bridge.ports.renewed import RenewedHere
from b1bridge.testing.clocks import Clock
from b1bridge.testing.faults import BadLine


class Usage:
    """What the hub's database would remember."""

    def __init__(self):
        self.hours = defaultdict(int)

    async def add(self, _connection, hour, cost):
        self.hours[hour] += cost

    async def since(self, _connection, hour):
        return {at: cost for at, cost in self.hours.items() if at >= hour}


class Office:
    """One company, its clock, our line to it, and the connection over that line."""

    def __init__(self, world, clock, contract, usage, renewed=None, **settings):
        self.world = world
        self.clock = clock
        self.checked = Checked(world.app, contract) if contract else None
        self.line = BadLine(httpx.ASGITransport(self.checked or world.app))
        self.usage = usage
        self.settings = Settings(**(world.settings() | settings))
        self.http = httpx.AsyncClient(transport=self.line, base_url=world.base_url)
        self.budget = Budget("crm", self.settings, usage, clock)
        monotonic = lambda: clock().timestamp()  # noqa: E731
        self.renewed = renewed or RenewedHere()
        oauth = OAuth("crm", self.settings, self.http, self.renewed, clock)
        bursts = Bursts(most_at_once(self.settings), clock=monotonic, sleep=self._sleep)
        self.client = Client(self.settings, self.http, self.budget, oauth, bursts)
        fields = Fields(self.client)
        self.company = Company("crm", self.client, fields, directories_of(self.client, fields))
        self.crm = Pipedrive(self.company, self.settings)

    async def _sleep(self, seconds):
        self.clock.forward(seconds=seconds)
        await asyncio.sleep(0)

    def world_notices(self, headers, body):
        """Read a webhook as the hub's door does."""
        return CONNECTOR.notices("crm", self.settings, headers, body, self.clock())

    def reads_again(self):
        """Let the directories read what changed, as ten minutes later they do by themselves."""
        there = self.company.directories
        for one in (there.organizations, there.persons, there.products, there.notes):
            one.doubt()

    async def ask(self, method, path, token=None, **kwargs):
        """Speak to the API without our client."""
        headers = {"x-api-token": token or self.world.company.users[102].api_token}
        return await self.http.request(method, path, headers=headers, **kwargs)


@pytest.fixture
def clock():
    return Clock(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def contract():
    """Return the published contract, or nothing where it is absent."""
    folder = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")) / "specs" / "pipedrive"
    return contract_at(folder.resolve()) if folder.is_dir() else None


@pytest.fixture
def make_office(clock, contract):
    made = []

    def make(world=None, usage=None, own=None, renewed=None, **facts):
        world = world or Simulator(**{"clock": clock} | facts)
        office = Office(world, clock, contract, usage or Usage(), renewed, **(own or {}))
        made.append(office)
        return office

    yield make
    checked = [one.checked for one in made if one.checked]
    assert [violation for one in checked for violation in one.violations[:3]] == []


@pytest.fixture
def office(make_office):
    return make_office()


@pytest.fixture
def world(office):
    return office.world


@pytest.fixture
async def crm(office):
    """Return a connection to a company that has all the fields we fill."""
    await office.crm.make_fields(ALL)
    return office.crm


@pytest.fixture
def shared_payloads():
    """Return the captured and printed webhooks, or skip with a reason."""
    folder = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")) / "payloads" / "pipedrive"
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}: set B1BRIDGE_SHARED")
    return sorted(folder.glob("v*/*.json"))
