"""The client that finds its own concurrency beside fixed ones, on SAP's published latencies.

Time is virtual: SAP is as slow as published, to the second, and the machine does not matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from b1bridge.testing.virtual_time import VirtualLoop
from b1sim.company import clerk
from b1sim.odata.wire_quirks import WireQuirks
from b1sim.quirks.faults import Fault
from b1sim.world import World
from bench.crews import Document, Work, fixed, ours
from bench.figures import Figure, Say

_LIMITS = (1, 4, 8, 16, 40, 80)
_COUNT = 2000
_IN_A_ROW = 20
_NOW_AND_THEN = 200
_FOREVER = 1e7
_LOCKED = -2039
_DOCUMENT: Document = {
    "CardCode": "C1",
    "DocDueDate": "2099-12-01",
    "DocumentLines": [{"ItemCode": "TEA", "Quantity": 1, "UnitPrice": 5}],
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What is posted, on how many nodes, and what goes wrong at the start and halfway."""

    name: str
    entity_set: str
    nodes: int = 1
    halfway: Callable[[World], object] = lambda _: None
    start: Callable[[World], object] = lambda _: None


def _burst(world: World) -> None:
    """Meet locks in a row, and then answers of a balancer that reaches nobody."""
    world.refuse("Orders", _LOCKED, "Lock timeout", times=_IN_A_ROW)
    world.bad_gateway("Orders", nth=_COUNT // 4, times=_IN_A_ROW)


def _now_and_then(world: World) -> None:
    """Meet a lock with every so manieth call."""
    for nth in range(_NOW_AND_THEN, 2 * _COUNT, _NOW_AND_THEN):
        lock = Fault("answer", resource="Orders", status=400, code=_LOCKED, nth=nth)
        world.trouble.faults.arm(lock)


_SCENES = (
    Scene("orders", "Orders"),
    Scene("deliveries", "DeliveryNotes"),
    Scene("invoices", "Invoices"),
    Scene(
        "deliveries, one of two nodes dies",
        "DeliveryNotes",
        nodes=2,
        halfway=lambda world: world.lose_node(2, seconds=_FOREVER),
    ),
    Scene("orders, 20 locks and 20 times 502 in a row", "Orders", halfway=_burst),
    Scene(f"orders, a lock every {_NOW_AND_THEN} calls", "Orders", start=_now_and_then),
)


async def measure(say: Say) -> list[Figure]:
    """Post the same documents with every limit and with none, scene by scene."""
    found: list[Figure] = []
    for scene in _SCENES:
        say(f"{_COUNT} {scene.name}, in virtual time")
        times = {limit: await asyncio.to_thread(_posted, scene, limit) for limit in (*_LIMITS, 0)}
        found += _figures(scene.name, times)
    return found


def _figures(name: str, times: dict[int, list[float]]) -> list[Figure]:
    speeds = {limit: _speed(done) for limit, done in times.items()}
    later = {limit: _speed(done[len(done) // 2 :]) for limit, done in times.items()}
    return [
        *(Figure("gate", f"{name}, fixed {n}", speeds[n], "documents/s") for n in _LIMITS),
        Figure("gate", f"{name}, found by itself", speeds[0], "documents/s"),
        Figure("gate", f"{name}, share of the best fixed", _share(speeds), "%"),
        Figure("gate", f"{name}, share in the second half", _share(later), "%"),
    ]


def _speed(done: list[float]) -> float:
    return (len(done) - 1) / (done[-1] - done[0])


def _share(speeds: dict[int, float]) -> float:
    return 100 * speeds[0] / max(speeds[limit] for limit in _LIMITS)


def _posted(scene: Scene, limit: int) -> list[float]:
    """Return when each document was posted; without a limit, by the client as it comes."""
    quirks = WireQuirks(latency="published")
    with World(seed=False, quirks=quirks, nodes=scene.nodes) as world:
        clerk.add_partner(world.company, "C1", "Anna Ek")
        clerk.add_item(world.company, "TEA", "Earl Grey", stock="100000")
        scene.start(world)
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(_in_virtual_time(world, scene, limit))


async def _in_virtual_time(world: World, scene: Scene, limit: int) -> list[float]:
    count = min(_COUNT, 100 * limit) if limit else _COUNT  # few at once are as fast all along
    work = Work(scene.entity_set, _DOCUMENT, count, lambda: scene.halfway(world))
    crew = fixed(world, scene.nodes, limit) if limit else ours(world, scene.nodes)
    async with crew as (post, workers):
        return await work.done(post, workers)
