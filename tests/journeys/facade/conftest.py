"""A company, a hub with a worker, and a client that has nothing but a token."""

import json

import httpx
import pytest

from b1bridge.bootstrap import Hub, Parts
from b1bridge.connectors.rest.settings import Settings
from b1bridge.connectors.rest.wire import SubmittedOrder
from b1bridge.sdk import exact_json
from b1bridge.testing.patience import QUICK

CROSSWALKS = {
    "tax": {"20": "A20", "19": "A19", "7": "A7", "0": "A0"},
    "freight": {"shipping": "1"},
    "payment_method": {"stripe": "transfer:_SYS00000000203"},
}
SETTINGS = {
    "books": "books",
    "compatibility": True,
    "callback_hosts": ["hooks.example"],
    "callback_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
WRITES = ["orders:write", "contacts:write"]
READS = ["orders:read", "shipments:read", "contacts:read", "partners:read", "items:read"]
SCOPES = [*WRITES, *READS, "codes:read"]


def order(reference="WEB-1001", **facts):
    """Return an order as a client writes it: one mug for 10.00 and 20 % tax."""
    line = {"item": "MUG", "quantity": 1, "price": "10.00", "tax_code": "A20"}
    return {
        "reference": reference,
        "customer": {"email": "ada@example.com", "name": "Ada Lovelace"},
        "lines": [line],
    } | facts


@pytest.fixture
async def idle_hub(tmp_path, sap):
    """A hub that takes orders and works off none of them yet."""
    lines = {"books": sap.transport()}
    async with await Hub.open(tmp_path, transports=lines, parts=Parts(patience=QUICK)) as hub:
        books = sap.settings() | {"local_currency": "EUR", "time_zone": "Europe/Berlin"}
        await hub.add_connection("books", "sap-b1", books)
        await hub.add_connection("api", "rest", SETTINGS)
        for name, codes in CROSSWALKS.items():
            for code, other in codes.items():
                await hub.set_crosswalk(name, code, other)
        await hub.add_sync("orders", flow="order-to-sales-order", source="api", target="books")
        yield hub


@pytest.fixture
async def hub(idle_hub):
    await idle_hub.start_worker(schedule=False)
    return idle_hub


@pytest.fixture
async def token(hub):
    """Return the text of a token that may do everything."""
    _, text = await hub.tokens.create("shop", connection="api", scopes=SCOPES, actor="test")
    return text


@pytest.fixture
async def client(hub, token):
    """Return an HTTP client of the hub's web application, which carries the token."""
    from b1bridge.web.app import create_app  # noqa: PLC0415 - desks are tested without the web

    line = httpx.ASGITransport(create_app(hub), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        transport=line, base_url="http://hub.test", headers=headers, timeout=30
    ) as client:
        yield client


def sent(body, **settings):
    """Read an order as the door does."""
    read = exact_json.loads(json.dumps(body))
    return SubmittedOrder.model_validate(read, context=Settings(**(SETTINGS | settings)))
