"""A receiver that listens on a port gets its events."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.b1sim.webhooks.conftest import logged_in, subscribe

from b1sim.quirks.server import server_for
from b1sim.world import World

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def listening(got):
    async def hook(request):
        if request.method == "GET":
            return JSONResponse({"Challenge": request.headers["X-B1-Webhook-Token"]})
        got.extend(await request.json())
        return Response()

    app = Starlette(routes=[Route("/hook", hook, methods=["GET", "POST"])])
    ready = asyncio.Event()
    server = server_for(app, "127.0.0.1", 0, announce=ready.set)
    task = asyncio.create_task(server.serve())
    await ready.wait()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/hook"
    finally:
        server.should_exit = True
        await task


async def test_a_receiver_on_a_port_gets_its_events_over_plain_http_where_allowed(clock):
    got = []
    items = {"BusinessObject": "Items", "TransactionType": "Created"}
    async with listening(got) as url:
        with World(seed=False, clock=clock) as world:
            world.clerk.change_settings(webhooks=True, webhook_plain_http=True)
            async with logged_in(world) as client:
                await subscribe(client, "w1", items, url=url)
            world.clerk.add_item("A")
            await world.deliver_events()

    assert [event["subject"] for event in got] == ["A"]
