"""The engine alone, in this process and on a real disk: accepts and runs of three steps."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

import httpx
from pydantic import BaseModel

from b1bridge.bootstrap import Hub, Parts
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.sdk.connector import Connector, Notice
from bench.figures import Figure, Say, cpu_seconds, spread
from bench.world import folder

_RUNS = 500


class Settings(BaseModel):
    """Nothing to set."""


@dataclass(frozen=True)
class Options:
    """Nothing to choose."""


@runtime_checkable
class Thing(Protocol):
    """Reads and posts at once."""

    async def read(self, ref: Ref) -> dict[str, str]:
        """Return about as much as a small order."""
        ...


class Instant:
    """A remote system that answers at once."""

    async def read(self, ref: Ref) -> dict[str, str]:
        """Return about as much as a small order."""
        return {"ref": str(ref), "text": "x" * 200}

    async def find(self, ref: Ref) -> None:
        """Find nothing."""
        del ref

    async def post(self, ref: Ref) -> Posted:
        """Post."""
        del ref
        return Posted("entry", 1, 1)


async def body(run: Any, source: Instant, target: Instant, options: object) -> Outcome:
    """Read, post, read back: three steps."""
    del options
    await run.step("read", lambda: source.read(run.ref))
    written = await run.write_once(
        "post", find=lambda: target.find(run.ref), write=lambda: target.post(run.ref)
    )
    await run.step("read back", lambda: target.read(run.ref))
    return Outcome(Did.POSTED, documents=(written.value,))


def notices(connection: str, *rest: Any) -> list[Notice]:
    """Read one id per body."""
    id_ = rest[2].decode()
    return [Notice(id_, Ref(connection, "thing", id_))]


async def no_doctor(*_: Any) -> Any:
    """Find nothing."""
    return
    yield


def parts() -> Parts:
    """Make a hub of one instant connector and one flow."""
    instant = Connector(
        key="instant",
        title="Instant",
        settings=Settings,
        capabilities=(Thing,),
        http=lambda _: httpx.AsyncClient(),
        build=lambda *_: Instant(),
        doctor=no_doctor,
        notices=notices,
    )
    flow = Flow(name="flow", on="thing", source=Thing, target=Thing, body=body, options=Options)
    return Parts(connectors=lambda: {"instant": instant}, flows=lambda: {"flow": flow})


async def measure(say: Say) -> list[Figure]:
    """Accept so many notices, then run them all."""
    with folder() as home:
        async with await Hub.open(home, parts=parts()) as hub:
            await hub.add_connection("a", "instant", {})
            await hub.add_connection("b", "instant", {})
            await hub.add_sync("s", flow="flow", source="a", target="b")
            say(f"{_RUNS} notices without a door")
            took = await _accepted(hub)
            say(f"{_RUNS} runs of three steps")
            return [
                Figure("engine", "accepts", _RUNS / sum(took), "notices/s"),
                *spread("engine", "accept", took),
                *await _worked_off(hub),
            ]


async def _worked_off(hub: Hub) -> list[Figure]:
    cpu, begun = cpu_seconds(os.getpid()), time.perf_counter()
    await hub.start_worker()
    while not await hub.idle():  # noqa: ASYNC110  # the hub tells by its database
        await asyncio.sleep(0.1)
    seconds, cpu = time.perf_counter() - begun, cpu_seconds(os.getpid()) - cpu
    return [
        Figure("engine", "runs of three steps", _RUNS / seconds, "runs/s"),
        Figure("engine", "runs of three steps, CPU", cpu / _RUNS * 1000, "ms/run"),
    ]


async def _accepted(hub: Hub) -> list[float]:
    """Return the seconds that each accept took, one after the other."""
    took = []
    for number in range(_RUNS):
        begun = time.perf_counter()
        await hub.accept("a", {}, f"{number}".encode(), datetime.now(UTC))
        took.append(time.perf_counter() - begun)
    return took
