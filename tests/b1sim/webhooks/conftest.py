"""A Service Layer with webhooks, and receivers on a network without wires."""

import json
from contextlib import asynccontextmanager

import httpx
import pytest

from b1sim.world import World

URL = "https://shop.test/hook"
ORDERS = {"BusinessObject": "Orders", "TransactionType": "Created"}


class Receivers:
    """Receivers on a network without wires: they return tokens and keep what they are sent."""

    def __init__(self):
        self.got = []
        self.tokens = []
        self.answers = []
        self.honest = True

    def __call__(self, request):
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "bearer-token"})
        if request.method == "GET":
            token = request.headers["X-B1-Webhook-Token"]
            self.tokens.append(request)
            return httpx.Response(200, json={"Challenge": token if self.honest else "x"})
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        self.got.append(request)
        return httpx.Response(answer)

    def events(self, url=URL):
        return [
            event for sent in self.got if str(sent.url) == url for event in json.loads(sent.content)
        ]


class Waiting:
    """Counts how long somebody would have slept."""

    def __init__(self):
        self.slept = []

    async def __call__(self, seconds):
        self.slept.append(seconds)


@pytest.fixture
def receivers():
    return Receivers()


@pytest.fixture
def waiting():
    return Waiting()


@pytest.fixture
def world(clock, receivers, waiting):
    transport = httpx.MockTransport(receivers)
    with World(seed=False, clock=clock, receivers=transport, sleep=waiting) as world:
        world.clerk.change_settings(webhooks=True)
        world.clerk.add_partner("C1")
        world.clerk.add_item("A")
        yield world


def subscription(name="w1", *events, url=URL, **properties):
    sent = {"WebhookID": name, "WebhookURL": url, "AuthenticationType": "None"}
    return sent | {"EventCollection": list(events) or [ORDERS]} | properties


def order(world, quantity=1):
    line = {"ItemCode": "A", "Quantity": quantity, "UnitPrice": 100}
    sent = {"CardCode": "C1", "DocDueDate": "2026-12-01", "DocumentLines": [line]}
    return world.company.create("Orders", sent)


async def subscribe(client, *args, **properties):
    reply = await client.post("EventSubscriptions", json=subscription(*args, **properties))
    assert reply.status_code == 201, reply.text
    return reply.json()


def states(world):
    rows = world.company.query("EventSubscriptions")
    return {row["WebhookID"]: row["State"] for row in rows}


def deliveries(world):
    return [row["Status"] for row in world.company.query("EventNotifications", order_by="Number")]


@pytest.fixture
async def v2(world):
    async with logged_in(world) as client:
        yield client


@asynccontextmanager
async def logged_in(world):
    """Open a client of version 2 with a session."""
    settings = world.settings()
    login = {"CompanyDB": settings["company_db"], "UserName": settings["user"]}
    root = world.base_url + "/b1s/v2/"
    async with httpx.AsyncClient(transport=world.transport(), base_url=root) as client:
        await client.post("Login", json=login | {"Password": settings["password"]})
        yield client
