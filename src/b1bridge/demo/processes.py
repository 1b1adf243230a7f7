"""Child processes of the demo: started, waited for, and counted by the CPU they used."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from b1bridge.errors import Transient

_START_SECONDS = 60
_STOP_SECONDS = 30


def free_port() -> int:
    """Return a port that nothing on this machine listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Child:
    """A Python module running in a process of its own; its output goes to a log file."""

    def __init__(self, name: str, module: str, *arguments: str, log: Path) -> None:
        self.name = name
        self.cpu_seconds = 0.0
        self.peak_megabytes = 0.0
        self._command = [sys.executable, "-m", module, *arguments]
        self._log = log
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start the process in a session of its own, so that Ctrl-C reaches only the demo."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 - our own modules, no shell
                self._command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        return self

    @property
    def pid(self) -> int:
        """The process while it runs; 0 before and after."""
        return 0 if self._running is None else self._running.pid

    async def ready(self, port: int) -> None:
        """Wait until the process listens; raise Transient with its last words when it died."""
        for _ in range(_START_SECONDS * 10):
            if _listens(port):
                return
            if self._running is None or self._exited():
                break
            await asyncio.sleep(0.1)
        msg = f"{self.name} did not start; its last words:\n{self._last_words()}"
        raise Transient(msg, system=self.name)

    def stop(self) -> None:
        """Ask it to end, wait, and note what it used; safe to repeat."""
        if self._running is None:
            return
        if self._running.returncode is None:
            self.peak_megabytes = max(self.peak_megabytes, _peak_megabytes(self._running.pid))
            self._running.send_signal(signal.SIGTERM)
            self._collect()
        self._running = None

    def kill(self) -> None:
        """End it without a word, as a power cut would."""
        if self._running is not None and self._running.returncode is None:
            self._running.kill()
            self._collect()
        self._running = None

    def _collect(self) -> None:
        """Reap the process with what it used; the usual wait would throw that away."""
        if self._running is None:
            return
        for _ in range(_STOP_SECONDS * 20):
            if self._exited():
                return
            _pause()
        self._running.kill()
        while not self._exited():
            _pause()

    def _exited(self) -> bool:
        if self._running is None or self._running.returncode is not None:
            return True
        pid, status, used = os.wait4(self._running.pid, os.WNOHANG)
        if pid == 0:
            return False
        self._running.returncode = os.waitstatus_to_exitcode(status)
        self.cpu_seconds += used.ru_utime + used.ru_stime
        return True

    def _last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-8:])


class Family:
    """Every child of one demo; leaving the block ends them all, whatever happened."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.children: list[Child] = []

    def start(self, name: str, module: str, arguments: Sequence[str]) -> Child:
        """Start one more."""
        child = Child(name, module, *arguments, log=self._logs / f"{name}.log").start()
        self.children.append(child)
        return child

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the youngest first: the hub before what it talks to."""
        for child in reversed(self.children):
            child.stop()

    @property
    def cpu_seconds(self) -> dict[str, float]:
        """CPU seconds by child, known once each has ended."""
        return {child.name: round(child.cpu_seconds, 2) for child in self.children}

    @property
    def peak_megabytes(self) -> dict[str, float]:
        """The most memory each child ever held, known once it has ended."""
        return {child.name: round(child.peak_megabytes, 1) for child in self.children}


def _peak_megabytes(pid: int) -> float:
    """Read what a process held at most; 0 where the system does not tell.

    What it is billed with at its end (ru_maxrss) counts what its parent held when it was born.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    told = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(next(told, "0")) / 1024


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _pause() -> None:
    time.sleep(0.05)
