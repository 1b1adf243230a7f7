"""The listening socket and the server on it."""

import socket

import httpx
import pytest
from fastapi import FastAPI

from b1bridge.errors import NeedsOperator
from b1bridge.web.server import listen, serving

pytestmark = pytest.mark.anyio


async def test_a_served_app_answers_under_the_url_that_is_told():
    app = FastAPI()

    @app.get("/")
    async def hello() -> str:
        return "hello"

    with listen("127.0.0.1", 0) as sock:
        async with serving(app, sock) as web, httpx.AsyncClient() as client:
            assert (await client.get(web.url)).json() == "hello"


async def test_an_ipv6_address_is_told_in_brackets():
    with listen("::1", 0) as sock:
        async with serving(FastAPI(), sock) as web:
            assert web.url == f"http://[::1]:{sock.getsockname()[1]}"


async def test_a_port_in_use_is_told_with_the_way_out():
    with listen("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]

        with pytest.raises(NeedsOperator, match=f"cannot listen on 127.0.0.1:{port}") as taken:
            listen("127.0.0.1", port)

    assert "--port" in taken.value.fix


async def test_a_host_that_is_none_of_ours_is_told():
    with pytest.raises(NeedsOperator, match=r"cannot listen on no-such-host\.invalid:80"):
        listen("no-such-host.invalid", 80)


async def test_answers_are_not_held_back_for_more_to_send():
    # asyncio sets TCP_NODELAY only on connections of a socket that names its protocol.
    with listen("127.0.0.1", 0) as sock:
        assert sock.proto == socket.IPPROTO_TCP
