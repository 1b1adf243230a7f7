"""Measure the engine alone: accepts, three-step runs, and CPU per run, on a real disk.

Run it with: python bench/engine.py [--runs 2000] [--url postgresql://...]
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import httpx
from pydantic import BaseModel

from b1bridge.bootstrap import Hub, Parts
from b1bridge.domain.identity import Posted, Ref
from b1bridge.engine.flow import Did, Flow, Outcome
from b1bridge.sdk.connector import Connector, Notice


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

    async def find(self, ref: Ref) -> Posted | None:
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


async def measure(home: Path, runs: int, url: str | None) -> None:
    """Accept so many notices, then run them all."""
    async with await Hub.open(home, database_url=url, parts=parts()) as hub:
        await hub.add_connection("a", "instant", {})
        await hub.add_connection("b", "instant", {})
        await hub.add_sync("s", flow="flow", source="a", target="b")
        took = await accepted(hub, runs)
        cents = statistics.quantiles(took, n=100)
        print(
            f"accepts/s {runs / sum(took):8.0f}   p50 {cents[49] * 1000:.2f} ms"
            f"   p99 {cents[98] * 1000:.2f} ms"
        )
        cpu, begun = cpu_seconds(), time.perf_counter()
        await hub.start_worker()
        while not await hub.idle():  # noqa: ASYNC110  # the hub tells by its database
            await asyncio.sleep(0.1)
        seconds, cpu = time.perf_counter() - begun, cpu_seconds() - cpu
        print(f"runs/s    {runs / seconds:8.1f}   CPU {cpu / runs * 1000:.2f} ms per run")


async def accepted(hub: Hub, runs: int) -> list[float]:
    """Return the seconds that each accept took, one after the other."""
    took = []
    for number in range(runs):
        begun = time.perf_counter()
        await hub.accept("a", {}, f"{number}".encode(), datetime.now(UTC))
        took.append(time.perf_counter() - begun)
    return took


def cpu_seconds() -> float:
    """Return the CPU time this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--url")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(measure(Path(home), given.runs, given.url))


if __name__ == "__main__":
    main()
