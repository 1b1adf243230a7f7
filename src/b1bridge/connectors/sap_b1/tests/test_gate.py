"""No more calls at once than serve best, in the order they came, and nobody forgotten."""

import asyncio

import pytest

from b1bridge.connectors.sap_b1.client.gate import Gate
from b1bridge.connectors.sap_b1.client.knee import FIRST

pytestmark = pytest.mark.anyio


async def hold(gate, until, seen, name=""):
    async with gate.turn("GET Items"):
        seen.append(name)
        await until.wait()


async def settled():
    for _ in range(10):
        await asyncio.sleep(0)


async def test_who_finds_it_full_waits_and_comes_in_turn():
    gate, until, seen = Gate(2), asyncio.Event(), []

    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(hold(gate, until, seen, number))
        await settled()
        assert seen == [0, 1]
        until.set()

    assert seen == [0, 1, 2, 3, 4]
    assert gate.in_flight == 0


async def test_who_gives_up_waiting_takes_nobody_elses_turn():
    gate, until, seen = Gate(1), asyncio.Event(), []
    first = asyncio.create_task(hold(gate, until, seen, "first"))
    hasty = asyncio.create_task(hold(gate, until, seen, "hasty"))
    patient = asyncio.create_task(hold(gate, until, seen, "patient"))
    await settled()

    hasty.cancel()
    until.set()
    await asyncio.gather(first, patient, hasty, return_exceptions=True)

    assert seen == ["first", "patient"]
    assert gate.in_flight == 0


async def test_who_gives_up_just_when_his_turn_comes_passes_it_on():
    gate, until, seen = Gate(1), asyncio.Event(), []
    hasty = patient = None
    async with gate.turn("GET Items"):
        hasty = asyncio.create_task(hold(gate, until, seen, "hasty"))
        patient = asyncio.create_task(hold(gate, until, seen, "patient"))
        await settled()
    hasty.cancel()
    until.set()
    await asyncio.gather(hasty, patient, return_exceptions=True)

    assert seen == ["patient"]
    assert gate.in_flight == 0


async def test_after_trouble_fewer_are_let_in():
    gate, until, seen = Gate(80), asyncio.Event(), []
    async with gate.turn("POST Orders") as turn:
        turn.overloaded()

    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(hold(gate, until, seen))
        await settled()
        at_once = len(seen)
        until.set()

    assert at_once == FIRST // 2


async def test_another_session_lets_those_in_who_wait():
    gate, until, seen = Gate(80), asyncio.Event(), []
    waiting = [asyncio.create_task(hold(gate, until, seen)) for _ in range(20)]
    await settled()

    gate.widened()
    until.set()
    await asyncio.gather(*waiting)

    assert len(seen) == 20
