"""A process that takes runs and keeps the schedule until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from b1bridge.bootstrap import Hub

_STOPPING = (signal.SIGTERM, signal.SIGINT)


async def run_worker(hub: Hub, *, concurrency: int = 8) -> None:
    """Work until SIGTERM or SIGINT; runs under way finish, or go on where they were next time."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOPPING:
        loop.add_signal_handler(number, stop.set)
    await hub.start_worker(concurrency=concurrency)
    try:
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({waiting, *hub.background()}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
    finally:
        await hub.stop_worker()
        for number in _STOPPING:
            loop.remove_signal_handler(number)
