"""A process that has imported the hub, and the lives it gives, one at a time."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from select import select

HUB = Path(__file__).with_name("dying_hub.py")


class Mother:
    """Bears a life as told, and knows how it ended."""

    def __init__(self):
        # Unbuffered: what is waiting to be read is in the pipe, where `select` sees it.
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, str(HUB)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )

    def bear(self, log, **told):
        """Start a life whose words go to a log."""
        line = json.dumps({"log": str(log), "told": told})
        self._process.stdin.write(line.encode() + b"\n")
        return Life(self._process.stdout)

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Life:
    """One process that lives until it ends by itself or is killed."""

    def __init__(self, told):
        self._told = told
        self._ended = None
        self._pid = int(told.readline())

    def ended(self):
        """Return how it ended: -9 when it was killed; None while it lives."""
        if self._ended is None and select([self._told], [], [], 0)[0]:
            self._ended = int(self._told.readline())
        return self._ended

    def end(self):
        """Wait for its end."""
        if self._ended is None:
            self._ended = int(self._told.readline())
        return self._ended

    def kill(self):
        """Kill it where it stands; tell whether it still lived."""
        lived = self.ended() is None
        if lived:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        return self.end() == -signal.SIGKILL and lived
