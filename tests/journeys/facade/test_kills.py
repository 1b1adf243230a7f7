"""The hub is killed between an order's arrival and its posting: it is posted once all the same."""

import asyncio
import contextlib
import importlib.util
import signal
from pathlib import Path

import httpx
import pytest

from b1bridge.bootstrap import Hub
from b1bridge.demo.processes import free_port
from b1bridge.testing import deaths
from b1bridge.testing.deaths import Doom
from b1bridge.web.server import listen, serving

from .conftest import CROSSWALKS, SCOPES, order

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600)]
MOTHERS = Path(__file__).parents[1] / "kills" / "mothers.py"
DOOMS = (
    Doom(deaths.IN_SUBMISSION),
    Doom(deaths.AFTER_SUBMISSION),
    Doom(deaths.TAKEN_UP),
    Doom(deaths.BEFORE_WRITE, "post sales order"),
    Doom(deaths.IN_WRITE, "post sales order"),
    Doom(deaths.AFTER_WRITE, "post sales order"),
    Doom(deaths.BEFORE_END),
)


def mothers():
    spec = importlib.util.spec_from_file_location("mothers", MOTHERS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def mother():
    mother = mothers().Mother()
    yield mother
    mother.close()


@pytest.fixture
async def token(tmp_path, sap):
    """Set a hub up whose books are on a real port, and give a token of it."""
    with listen("127.0.0.1", 0) as sock:
        async with serving(sap.app, sock) as books:
            async with await Hub.open(tmp_path) as hub:
                settings = sap.settings() | {"url": books.url, "local_currency": "EUR"}
                # A write in doubt is waited for as long as it may take.
                settings |= {"time_zone": "Europe/Berlin", "document_timeout": 3}
                await hub.add_connection("books", "sap-b1", settings)
                await hub.add_connection("api", "rest", {"books": "books"})
                for name, codes in CROSSWALKS.items():
                    for code, other in codes.items():
                        await hub.set_crosswalk(name, code, other)
                both = {"source": "api", "target": "books"}
                await hub.add_sync("orders", flow="order-to-sales-order", **both)
                _, text = await hub.tokens.create(
                    "shop", connection="api", scopes=SCOPES, actor="test"
                )
            yield text


async def listening(port, life):
    """Wait until the hub answers; it may die before."""
    async with httpx.AsyncClient() as client, asyncio.timeout(60):
        while life.ended() is None:
            with contextlib.suppress(httpx.TransportError):
                return await client.get(f"http://127.0.0.1:{port}/health")
            await asyncio.sleep(0.05)
        return None


async def ended(life):
    """Return how a life ended, if it does."""
    for _ in range(200):
        if life.ended() is not None:
            return life.ended()
        await asyncio.sleep(0.05)
    return None


async def sends(port, token, reference):
    """Send one order; None when nobody answers."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": reference}
    body = order(reference, customer={"email": f"{reference}@example.com"})
    async with httpx.AsyncClient(headers=headers, timeout=30) as client:
        try:
            return await client.post(f"http://127.0.0.1:{port}/v1/order", json=body)
        except httpx.TransportError:
            return None


async def becomes(port, token, reference):
    """Send the order again until it stands; a write in doubt is waited for."""
    for _ in range(100):
        answer = await sends(port, token, reference)
        assert answer is not None
        if answer.status_code != 202:
            return answer.json()["state"]
        await asyncio.sleep(0.2)
    return None


async def test_wherever_the_hub_dies_an_order_that_is_sent_again_is_posted_once(
    tmp_path, sap, token, mother
):
    log, port, told = tmp_path / "hub.log", free_port(), {"home": str(tmp_path), "url": None}
    for number, doom in enumerate(DOOMS):
        reference = f"W-{number}"
        life = mother.bear(log, **told, port=port, doom=doom.dumps())
        await listening(port, life)
        lost = await sends(port, token, reference)
        assert await ended(life) == -signal.SIGKILL, (doom, lost and lost.text)
        life = mother.bear(log, **told, port=port, doom=None)
        await listening(port, life)

        assert await becomes(port, token, reference) == "posted", doom
        life.kill()
    references = [found["NumAtCard"] for found in sap.company.query("Orders")]
    assert sorted(references) == sorted(f"api/order/W-{n}" for n in range(len(DOOMS)))
    async with await Hub.open(tmp_path) as hub:
        taken = [entry.ref for entry in await hub.audit_entries() if entry.did == "submit"]
        assert len(taken) == len(set(taken)) == len(DOOMS)
        assert (await hub.verify_audit()).broken_at is None


async def test_what_was_answered_is_posted_without_anybody_asking_again(
    tmp_path, sap, token, mother
):
    log, port, told = tmp_path / "hub.log", free_port(), {"home": str(tmp_path), "url": None}
    life = mother.bear(log, **told, port=port, doom=None)
    await listening(port, life)
    headers = {"Authorization": f"Bearer {token}", "Prefer": "respond-async"}
    async with httpx.AsyncClient(headers=headers, timeout=30) as client:
        for number in range(10):
            url = f"http://127.0.0.1:{port}/v1/order"
            taken = await client.post(url, json=order(f"W-{number}"))
            assert taken.status_code in {201, 202}
    assert life.kill()

    life = mother.bear(log, **told, port=port, doom=None)
    async with asyncio.timeout(60):
        while len(sap.company.query("Orders")) < 10:  # noqa: ASYNC110 - watched from outside
            await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    life.kill()

    references = [found["NumAtCard"] for found in sap.company.query("Orders")]
    assert sorted(references) == [f"api/order/W-{n}" for n in range(10)]
