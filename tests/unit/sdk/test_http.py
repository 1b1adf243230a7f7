"""The line to another system: what it sends, and what it refuses to swallow."""

import asyncio
import gzip

import httpx
import pytest

from b1bridge.errors import ContractBroken, OutcomeUnknown, Transient
from b1bridge.sdk.http import exchange, open_client

pytestmark = pytest.mark.anyio
URL = "https://shop.example/"


def answering(answer):
    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=URL)


@pytest.fixture
async def server():
    """Run a bare HTTP server that keeps what it was sent; yields (port, requests)."""
    requests = []

    async def answer(reader, writer):
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1], requests


async def test_a_request_never_expects_100_continue_and_says_who_asks(server):
    port, requests = server

    async with open_client(f"http://127.0.0.1:{port}/") as http:
        await exchange(http, http.build_request("POST", "Login", json={}), system="SAP")

    sent = requests[0].lower()
    assert b"expect:" not in sent
    assert b"user-agent: b1bridge/" in sent


def test_one_client_serves_two_event_loops_one_after_the_other(free_port):
    http = open_client(f"http://127.0.0.1:{free_port}/", connect=1.0)

    async def knock():
        request = http.build_request("GET", "x")
        with pytest.raises(Transient):
            await exchange(http, request, system="SAP")

    asyncio.run(knock())
    asyncio.run(knock())
    asyncio.run(http.aclose())


async def test_a_compressed_answer_is_read_as_it_was_written():
    body = gzip.compress(b'{"value": 1}')

    async with answering(
        lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=body)
    ) as http:
        response = await exchange(http, http.build_request("GET", "x"), system="Shop")

    assert response.json() == {"value": 1}


@pytest.mark.parametrize(("method", "kind"), [("GET", ContractBroken), ("POST", OutcomeUnknown)])
async def test_an_endless_answer_is_cut_off(method, kind):
    async with answering(lambda _: httpx.Response(200, content=b"x" * 2000)) as http:
        request = http.build_request(method, "x")
        with pytest.raises(kind, match="more than 1000 bytes"):
            await exchange(http, request, system="Shop", max_bytes=1000)


@pytest.mark.parametrize(("method", "kind"), [("GET", Transient), ("POST", OutcomeUnknown)])
async def test_a_broken_exchange_becomes_a_decision(method, kind):
    def gone(request):
        msg = "gone"
        raise httpx.ReadError(msg, request=request)

    async with answering(gone) as http:
        with pytest.raises(kind, match="Shop"):
            await exchange(http, http.build_request(method, "x"), system="Shop")


async def test_every_cookie_of_an_answer_is_kept_apart():
    def two_cookies(_):
        headers = [("Set-Cookie", "B1SESSION=1;HttpOnly;"), ("Set-Cookie", "ROUTEID=.node1")]
        return httpx.Response(200, headers=headers, content=b"{}")

    async with answering(two_cookies) as http:
        response = await exchange(http, http.build_request("GET", "x"), system="SAP")

    assert response.headers.get_list("set-cookie") == ["B1SESSION=1;HttpOnly;", "ROUTEID=.node1"]
