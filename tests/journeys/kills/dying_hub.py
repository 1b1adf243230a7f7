"""A hub as `b1bridge serve` runs it, in a process of its own, armed to kill itself."""

import asyncio
import json
import sys
from pathlib import Path

from b1bridge.bootstrap import Hub, Parts
from b1bridge.engine.retry import Patience
from b1bridge.testing.deaths import Doom, Reaper, arm, watched
from b1bridge.web.app import create_app
from b1bridge.web.server import listen, serving

# An outage must not use attempts up: each life forgets which connections its forerunner shut.
IMPATIENT = Patience(
    quick=2,
    quick_pause=0.05,
    budget=200,
    first_pause=0.2,
    longest_pause=1.0,
    unknown_pause=0.3,
    breaker_pause=0.5,
)


async def live(home, url, port, doom):
    reaper = Reaper(Doom.loads(doom), Path(home) / "last word") if doom else None
    if reaper:
        arm(reaper)
    async with await Hub.open(Path(home), database_url=url, parts=Parts(patience=IMPATIENT)) as hub:
        app = create_app(hub)
        with listen("127.0.0.1", port) as sock:
            await hub.start_worker(concurrency=6)
            async with serving(watched(app, reaper) if reaper else app, sock):
                await asyncio.Event().wait()


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    asyncio.run(live(told["home"], told["url"], told["port"], told["doom"]))
