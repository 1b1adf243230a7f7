"""The one life that a hub has at the moment, and how it ends: killed, again and again."""

import asyncio
import socket
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from b1bridge.bootstrap import Hub
from b1bridge.demo.processes import free_port

from .mothers import Life, Mother


@dataclass(kw_only=True)
class Lives:
    """A hub that dies beside an SAP that survives; what it is told of, its heirs say.

    Theirs are `orders`, which lets so many sales happen, and `post`, which brings the notices of
    them to the hub; the sync that hears of sales is called "orders".
    """

    mother: Mother
    folder: Path
    url: str | None
    hub: Hub
    sap: httpx.AsyncClient
    port: int = field(default_factory=free_port)
    deaths: Counter = field(default_factory=Counter)
    missed: Counter = field(default_factory=Counter)
    life: Life | None = None

    async def starts(self, doom=None):
        """Bring the hub to life; with a doom it dies by itself."""
        self.life = self.mother.bear(
            self.folder / "hub.log",
            home=str(self.folder),
            url=self.url,
            port=self.port,
            doom=doom.dumps() if doom else None,
        )
        await self._until(lambda: self.is_dead() or listens(self.port))

    def is_dead(self):
        return self.life is None or self.life.ended() is not None

    def kill(self):
        """Kill the hub where it stands; tell whether it still lived."""
        life, self.life = self.life, None
        return life is not None and life.kill()

    async def no_trouble(self):
        """Disarm what has not happened yet."""
        (await self.sap.delete("/control/faults")).raise_for_status()

    async def trouble(self, what, **words):
        """Arm a fault in SAP."""
        reply = await self.sap.post("/control/faults", json={"what": what, **words})
        reply.raise_for_status()

    async def reached(self, request):
        """Wait until SAP has such a request in hand."""
        async with asyncio.timeout(30):
            while request not in await self._requests():  # noqa: ASYNC110 - watched from outside
                await asyncio.sleep(0.05)

    async def _requests(self):
        return (await self.sap.get("/control/state")).json()["requests"]

    async def away(self, seconds):
        """Send SAP away."""
        away = {"seconds": seconds, "mode": "503"}
        (await self.sap.post("/control/away", json=away)).raise_for_status()

    async def drop_sessions(self):
        """Let SAP forget who is logged in."""
        (await self.sap.delete("/control/sessions")).raise_for_status()

    async def dies(self, doom, seconds=30.0):
        """Live until the doom strikes, with work enough; what never comes is counted as missed."""
        await self.starts(doom)
        await self.post()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.is_dead():
                    await asyncio.sleep(0.05)
                    if await self.hub.idle():
                        await self.orders(1)
                        await self.post()
        self.ended(str(doom))

    async def dies_within(self, seconds):
        """Live for so long."""
        await self.starts()
        sending = asyncio.create_task(self.post())
        await asyncio.sleep(seconds)
        lived = self.kill()
        await sending
        assert lived, self.last_words()
        self.deaths["at a random moment"] += 1

    def ended(self, doom):
        """Count how a life ended."""
        word = self.folder / "last word"
        if not word.exists():
            assert self.kill(), self.last_words()
            self.missed[doom] += 1
            return
        assert self.life.end() == -9
        self.life = None
        assert word.read_text(encoding="utf-8") == doom
        word.unlink()
        self.deaths[doom] += 1

    async def settles(self, seconds=600.0):
        """Live in peace until nothing is left to do; lost notices are found by looking."""
        if self.is_dead():
            await self.starts()
        await self.post(copies=1)
        await self.hub.sync_now("orders")
        async with asyncio.timeout(seconds):
            while not await self.hub.idle():
                assert not self.is_dead(), self.last_words()
                await asyncio.sleep(0.1)
        self.kill()

    def last_words(self):
        return (self.folder / "hub.log").read_text(errors="replace")[-3000:]

    async def _until(self, true):
        async with asyncio.timeout(300):
            while not true():  # noqa: ASYNC110 - processes are watched from outside
                await asyncio.sleep(0.02)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def show(figures, missed, *counted):
    """Write figures, counts, and what never came, where `pytest -s` or `-rP` shows them."""
    lines = [f"{name:>24}: {value}" for name, value in figures.items()]
    for counter in counted:
        lines += [f"{count:>6} x {what}" for what, count in sorted(counter.items())]
    lines += [f"{count:>6} x missed {place}" for place, count in sorted(missed.items())]
    sys.stdout.write("\n".join(["", *lines, ""]))
