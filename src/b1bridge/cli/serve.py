"""`b1bridge serve` and `b1bridge worker`: the processes that stay."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated

import typer

from b1bridge.bootstrap import Hub
from b1bridge.cli.edge import INTERRUPTED
from b1bridge.cli.screen import say
from b1bridge.cli.session import with_hub
from b1bridge.web.app import create_app
from b1bridge.web.server import listen, serving

_Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Runs at the same time.")]


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="Put a reverse proxy with TLS in front.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8080,
    concurrency: _Concurrency = 8,
) -> None:
    """Take notices, work runs off, keep the schedule.

    Stays until Ctrl-C or SIGTERM.

    Example: b1bridge serve --host 0.0.0.0 --port 8080
    """

    async def work(hub: Hub) -> signal.Signals:
        async with AsyncExitStack() as open_:
            stopped = await open_.enter_async_context(_signals())
            sock = open_.enter_context(listen(host, port))
            await open_.enter_async_context(_working(hub, concurrency))
            url = await open_.enter_async_context(serving(create_app(hub), sock))
            say(
                f"b1bridge serves {url}: notices at {url}/notices/CONNECTION, state at {url}/status"
            )
            say("Ctrl-C stops it; what is under way is finished or kept")
            return await stopped

    _leave(with_hub(ctx, work))


def worker(ctx: typer.Context, concurrency: _Concurrency = 8) -> None:
    """Work runs off and keep the schedule, without a door.

    Stays until Ctrl-C or SIGTERM. Several workers need PostgreSQL.

    Example: b1bridge worker --concurrency 16
    """

    async def work(hub: Hub) -> signal.Signals:
        async with _signals() as stopped, _working(hub, concurrency):
            say("b1bridge works runs off; Ctrl-C stops it, what is under way is finished or kept")
            return await stopped

    _leave(with_hub(ctx, work))


@asynccontextmanager
async def _working(hub: Hub, concurrency: int) -> AsyncIterator[None]:
    await hub.start_worker(concurrency=concurrency)
    try:
        yield
    finally:
        await hub.stop_worker()


@asynccontextmanager
async def _signals() -> AsyncIterator[asyncio.Future[signal.Signals]]:
    """Yield what the first SIGINT or SIGTERM fulfils; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    first: asyncio.Future[signal.Signals] = loop.create_future()

    def arrived(number: signal.Signals) -> None:
        for one in _STOPPING:
            loop.remove_signal_handler(one)
        first.set_result(number)

    for number in _STOPPING:
        loop.add_signal_handler(number, arrived, number)
    try:
        yield first
    finally:
        for number in _STOPPING:
            loop.remove_signal_handler(number)


_STOPPING = (signal.SIGINT, signal.SIGTERM)


def _leave(stopped_by: signal.Signals) -> None:
    say(f"stopped by {stopped_by.name}; nothing is lost")
    if stopped_by == signal.SIGINT:
        raise typer.Exit(INTERRUPTED)
