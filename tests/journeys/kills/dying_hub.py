"""Hubs as `b1bridge serve` runs them, each in a process of its own, armed to kill itself.

Importing a hub takes longer than most of these lives, so one process imports everything, opens
nothing, and forks: one life for each line that it reads, whose pid and whose end it writes down.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from select import select

from b1bridge import cli, connectors, flows
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


def born(log, told):
    """Live as told: as one command of b1bridge, or as a hub that serves."""
    with Path(log).open("ab") as words:
        os.dup2(words.fileno(), sys.stdout.fileno())
        os.dup2(words.fileno(), sys.stderr.fileno())
    if "command" in told:
        sys.argv = ["b1bridge", *told["command"]]
        cli.main()
    else:
        asyncio.run(live(**told))


def forked(log, told):
    """Fork a life; return its pid, and a pipe that is at its end when the life is."""
    assert threading.active_count() == 1, threading.enumerate()
    pulse, held = os.pipe()
    pid = os.fork()
    if pid:
        os.close(held)
        return pid, pulse
    code = 1
    try:
        born(log, told)
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:  # noqa: BLE001 - the end of this process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def outlived(pid, pulse):
    """Wait for the end of a life; when nobody listens any more, both end."""
    ready, _, _ = select([sys.stdin, pulse], [], [])
    if pulse not in ready:
        os.kill(pid, signal.SIGKILL)
        sys.exit()
    os.close(pulse)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def tell(number):
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    connectors.discover()
    flows.discover()
    for line in sys.stdin:
        life, its_pulse = forked(**json.loads(line))
        tell(life)
        tell(outlived(life, its_pulse))
