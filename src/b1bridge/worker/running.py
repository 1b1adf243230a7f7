"""A process that takes runs and keeps the schedule until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

from b1bridge.bootstrap import Hub

_STOPPING = (signal.SIGTERM, signal.SIGINT)


async def run_worker(
    hub: Hub,
    *,
    concurrency: int = 8,
    beside: Collection[asyncio.Task[Any]] = (),
    ready: Callable[[], None] = lambda: None,
) -> signal.Signals:
    """Work until SIGTERM or SIGINT, and return which; what is under way finishes or is kept.

    `ready` is called once runs are taken. `beside` names tasks that must last as long: when one
    of them or the hub's own ends, the process ends with its error instead of half living on.
    """
    async with _signals() as stopped:
        await hub.start_worker(concurrency=concurrency)
        try:
            ready()
            lasting = {*hub.background(), *beside}
            await asyncio.wait({stopped, *lasting}, return_when=asyncio.FIRST_COMPLETED)
            if not stopped.done():
                await _first_ended(lasting)
            return stopped.result()
        finally:
            await hub.stop_worker()


@asynccontextmanager
async def _signals() -> AsyncIterator[asyncio.Future[signal.Signals]]:
    """Yield what the first signal fulfils; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    first: asyncio.Future[signal.Signals] = loop.create_future()

    def listen_no_more() -> None:
        for number in _STOPPING:
            loop.remove_signal_handler(number)

    def arrived(number: signal.Signals) -> None:
        listen_no_more()
        first.set_result(number)

    for number in _STOPPING:
        loop.add_signal_handler(number, arrived, number)
    try:
        yield first
    finally:
        listen_no_more()


async def _first_ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Raise what a task ended with; one that ended without a reason is a fault all the same."""
    for task in tasks:
        if task.done():
            await task
            msg = f"{task.get_name()} ended although nobody stopped it"
            raise RuntimeError(msg)
