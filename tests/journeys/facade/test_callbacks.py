"""A client is told what became of its order: signed, once, and only where the operator allows."""

import asyncio
import json

import pytest
from standardwebhooks.webhooks import Webhook

from .conftest import SETTINGS, order, sent

pytestmark = pytest.mark.anyio
SECRET = SETTINGS["callback_secret"]


class Receiver:
    """A client's own web server: answers as told, and keeps what it was sent."""

    def __init__(self):
        self.statuses = []
        self.calls = []
        self.server = None

    @property
    def port(self):
        return self.server.sockets[0].getsockname()[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/orders?key=k3y"

    async def answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.calls.append((first, headers, body))
        status = self.statuses.pop(0) if self.statuses else 204
        more = "Location: http://127.0.0.1:1/\r\n" if status == 302 else ""
        writer.write(f"HTTP/1.1 {status} x\r\n{more}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    def told(self):
        """Return the documents, after checking what a client would check."""
        return [Webhook(SECRET).verify(body, headers) for _, headers, body in self.calls]


@pytest.fixture
async def receiver():
    receiver = Receiver()
    async with await asyncio.start_server(receiver.answer, "127.0.0.1", 0) as server:
        receiver.server = server
        yield receiver


@pytest.fixture
async def calling_hub(hub, receiver, monkeypatch):
    monkeypatch.setattr("b1bridge.bootstrap.telling._PAUSE_SECONDS", 0.05)
    await allow(hub, [f"http://127.0.0.1:{receiver.port}=127.0.0.0/8"])
    return hub


async def allow(hub, hosts):
    await hub.add_connection("api", "rest", SETTINGS | {"callback_hosts": hosts})


async def submit(hub, receiver, reference="WEB-1001", **facts):
    hosts = [f"http://127.0.0.1:{receiver.port}=127.0.0.0/8"]
    body = order(reference, callback_url=receiver.url, **facts)
    return await hub.orders.submit("api", sent(body, callback_hosts=hosts), actor="token:shop")


async def until(true, seconds=30.0):
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110  # the hub tells by its database
            await asyncio.sleep(0.05)


async def called(receiver, times):
    async def enough():
        return len(receiver.calls) >= times

    await until(enough)
    await asyncio.sleep(0.2)
    assert len(receiver.calls) == times


async def runs_of(hub, reference="WEB-1001"):
    return [run for run in (await hub.trail(reference)).runs if run.flow == "tell-callbacks"]


async def finished(hub):
    async def over():
        return all(run.state == "finished" for run in await runs_of(hub))

    await until(over)


async def test_what_became_of_an_order_is_told_once_and_signed(calling_hub, receiver, sap):
    await submit(calling_hub, receiver)
    await called(receiver, 1)
    await finished(calling_hub)

    (document,) = receiver.told()
    (posted,) = sap.company.query("Orders")
    assert document["reference"] == "WEB-1001"
    assert document["state"] == "posted"
    assert document["documents"][0]["entry"] == posted["DocEntry"]
    first, headers, body = receiver.calls[0]
    assert first == "POST /orders?key=k3y HTTP/1.1"
    assert headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    status = await calling_hub.orders.order("api", "WEB-1001")
    assert json.loads(body)["changed_at"] == status.changed_at.isoformat().replace("+00:00", "Z")


async def test_an_order_without_an_address_is_told_to_nobody(calling_hub, receiver):
    await calling_hub.orders.submit("api", sent(order("WEB-1")), actor="token:shop")
    await submit(calling_hub, receiver, "WEB-2")
    await called(receiver, 1)

    assert [document["reference"] for document in receiver.told()] == ["WEB-2"]
    assert await runs_of(calling_hub, "WEB-1") == []


async def test_a_refusal_is_told_and_so_is_the_mended_order(calling_hub, receiver):
    lines = [{"item": "NOPE", "quantity": 1, "price": "10.00", "tax_code": "A20"}]
    await submit(calling_hub, receiver, lines=lines)
    await called(receiver, 1)

    hosts = [f"http://127.0.0.1:{receiver.port}=127.0.0.0/8"]
    mended = sent(order(callback_url=receiver.url), callback_hosts=hosts)
    await calling_hub.orders.replace("api", "WEB-1001", mended, actor="token:shop")
    await called(receiver, 2)
    await calling_hub.orders.cancel("api", "WEB-1001", actor="token:shop")
    await called(receiver, 3)

    told = receiver.told()
    assert [document["state"] for document in told] == ["refused", "posted", "cancelled"]
    assert told[0]["case"]["reason"] == "MISSING_ITEM"
    assert len({headers["webhook-id"] for _, headers, _ in receiver.calls}) == 3


async def test_a_receiver_in_trouble_is_called_again_under_the_same_id(calling_hub, receiver):
    receiver.statuses = [500, 404, 429]
    await submit(calling_hub, receiver)
    await called(receiver, 4)
    await finished(calling_hub)

    assert len({headers["webhook-id"] for _, headers, _ in receiver.calls}) == 1
    assert len({body for _, _, body in receiver.calls}) == 1
    (run,) = await runs_of(calling_hub)
    assert run.attempt == 4


async def test_a_receiver_who_stays_in_trouble_ends_in_a_case_that_can_be_retried(
    calling_hub, receiver
):
    receiver.statuses = [503] * 6
    await submit(calling_hub, receiver)
    await called(receiver, 6)

    async def stuck():
        return bool(await calling_hub.cases())

    await until(stuck)
    (case,) = await calling_hub.cases()
    assert case.reason == "CALLBACK_FAILED"
    assert "HTTP 503" in case.message
    assert "k3y" not in case.message
    assert (await calling_hub.orders.order("api", "WEB-1001")).state == "posted"

    await calling_hub.retry_case(case.id, "ann")
    await called(receiver, 7)
    await finished(calling_hub)
    assert await calling_hub.cases() == []


async def test_a_redirect_is_not_followed_and_gone_is_not_tried_again(calling_hub, receiver):
    receiver.statuses = [302, 410]
    await submit(calling_hub, receiver, "WEB-1")
    await called(receiver, 1)
    await submit(calling_hub, receiver, "WEB-2")
    await called(receiver, 2)

    async def stuck():
        return len(await calling_hub.cases()) == 2

    await until(stuck)
    told = {case.ref: (case.reason, case.message) for case in await calling_hub.cases()}
    assert {reason for reason, _ in told.values()} == {"CALLBACK_FAILED"}
    assert "HTTP 302" in told["api/callback/WEB-1"][1]
    assert "HTTP 410" in told["api/callback/WEB-2"][1]


async def test_a_host_that_the_operator_took_back_is_not_called(calling_hub, receiver):
    await allow(calling_hub, ["hooks.example"])
    await submit(calling_hub, receiver)

    async def stuck():
        return bool(await calling_hub.cases())

    await until(stuck)
    (case,) = await calling_hub.cases()
    assert case.reason == "CALLBACK_FAILED"
    assert "nobody has allowed callbacks" in case.message
    assert receiver.calls == []


async def test_a_hub_that_died_before_it_told_tells_when_it_is_back(
    idle_hub, receiver, monkeypatch
):
    await allow(idle_hub, [f"http://127.0.0.1:{receiver.port}=127.0.0.0/8"])
    with monkeypatch.context() as dying:
        dying.setattr("b1bridge.bootstrap.telling.Telling.look", lambda _: asyncio.sleep(0))
        await submit(idle_hub, receiver)
        await idle_hub.start_worker(schedule=False)
        assert (await idle_hub.orders.settled("api", "WEB-1001", 30)).state == "posted"
        await idle_hub.stop_worker()
    assert receiver.calls == []

    await idle_hub.start_worker(schedule=False)
    await called(receiver, 1)
    await finished(idle_hub)
    await idle_hub.stop_worker()
    await idle_hub.start_worker(schedule=False)
    await asyncio.sleep(1.2)

    assert len(receiver.calls) == 1


async def test_the_trail_tells_of_the_call_back(calling_hub, receiver):
    await submit(calling_hub, receiver)
    await called(receiver, 1)
    await finished(calling_hub)

    story = await calling_hub.trail("WEB-1001")

    assert "api/callback/WEB-1001" in story.refs
    assert any(entry.step == "call back" for entry in story.entries)
    (run,) = await runs_of(calling_hub)
    assert run.outcome == "posted"
    assert "k3y" not in run.reason
