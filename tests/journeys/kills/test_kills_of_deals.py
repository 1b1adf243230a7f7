"""The hub is killed at every step of a deal's way into the books: one order per deal, noted on it.

Each notice comes three times, out of order, in both forms. Here the hub dies at a choice of
places; with B1BRIDGE_KILLS as often as that says, at each of them before any twice.
"""

import itertools
import os
import time
from collections import deque
from functools import partial

import pytest

from b1bridge.testing import deaths
from b1bridge.testing.deaths import Doom

from .conftest import LIVES_TILL_REST
from .deal_lives import deals_in
from .lives import show

WANTED = int(os.environ.get("B1BRIDGE_KILLS", "0"))
QUICK = {"sqlite": 8, "postgres": 3}
PATIENCE = 10.0
pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600 + 60 * WANTED)]

# Each step of the flow, and what has to happen to a deal for it to be taken.
STEPS = {
    "read deal": "",
    "find customer": "",
    "look for former sales": "won_again",
    "read company and taxes": "",
    "read order": "",
    "read company and items": "",
    "find business partner": "",
    "read back totals": "",
    "note number in shop": "",
    "read posted documents": "changed",
}
# Each write, the resource of SAP that it is written to, and what brings it about.
WRITES = {
    "open business partner": ("BusinessPartners", ""),
    "post sales order": ("Orders", ""),
    "change sales order": ("Orders", "changed"),
    "cancel sales order": ("Orders", "lost"),
}
DOORS = (
    deaths.IN_NOTICE,
    deaths.AFTER_NOTICE,
    deaths.AFTER_200,
    deaths.TAKEN_UP,
    deaths.BEFORE_END,
    deaths.AFTER_END,
)
RANDOM = None


@pytest.fixture
def new_deals(mother, tmp_path, url, dice):
    return partial(deals_in, mother, tmp_path, url, dice)


async def test_kills_lose_and_double_no_deal(new_deals, url, dice):
    wanted = WANTED or QUICK["sqlite" if url is None else "postgres"]
    started = time.monotonic()

    async with new_deals() as world:
        await world.orders(2)
        await lives(world, dooms(wanted, dice), dice)
        await world.no_trouble()
        world.wanted = ""
        await world.settles()
        await world.settles()

        sides = await world.sides()
        tell(url, world, sides, time.monotonic() - started)
        assert [(case.ref, case.reason, case.message) for case in await world.hub.cases()] == []
        assert await world.hub.runs(state="dead") == []
        assert sides.doubled() == []
        assert sides.apart() == {}
        assert sides.unnoted() == []
        assert world.partners_opened_twice() == []
        assert (await world.hub.verify_audit()).broken_at is None
        assert world.deaths.total() >= wanted


def dooms(wanted, dice):
    """Choose where to die, and what is to happen for that; the writes come first."""
    writes = [
        (Doom(place, step), act)
        for place in (deaths.AFTER_WRITE, deaths.IN_WRITE, deaths.BEFORE_WRITE)
        for step, (_, act) in WRITES.items()
    ]
    places = (deaths.AFTER_STEP, deaths.BEFORE_STEP, deaths.REMEMBERED)
    steps = [(Doom(place, step), act) for place in places for step, act in STEPS.items()]
    doors = [(Doom(place), "") for place in DOORS]
    rest = [*steps, *doors, (RANDOM, ""), (RANDOM, "")]
    every = [*dice.sample(writes, k=len(writes)), *dice.sample(rest, k=len(rest))]
    if not WANTED:
        every = [*every[: wanted // 2], (Doom(deaths.AFTER_STEP, "note number in shop"), "")]
        every += dice.sample(rest, k=wanted)
    return deque(every[n % len(every)] for n in range(wanted))


async def lives(world, plan, dice):
    """Live and die by the plan; what never comes gives way to a death at a random moment."""
    for life in itertools.takewhile(lambda _: plan, itertools.count(1)):
        await world.no_trouble()
        if life % LIVES_TILL_REST == 0:
            await world.settles()
        doom, world.wanted = plan.popleft()
        await trouble(world, doom, dice)
        await world.orders(dice.randint(1, 2))
        if doom is RANDOM:
            await world.dies_within(dice.uniform(0.2, 2.0))
            continue
        missed = world.missed.total()
        await world.dies(doom, seconds=PATIENCE)
        if world.missed.total() > missed:
            plan.append((RANDOM, ""))


async def trouble(world, doom, dice):
    """Let SAP be slow where we die in its hands; else lose an answer, or forget who is there."""
    resource, _ = WRITES.get(doom.step, ("", "")) if doom else ("", "")
    if doom and doom.place == deaths.IN_WRITE:
        late = {"resource": resource, "seconds": 1.0, "times": 4}
        await world.trouble("delay", method="WRITE", **late)
        return
    what = dice.choice(["nothing", "hang_up", "bad_gateway", "delay", "sessions"])
    if what == "sessions":
        await world.drop_sessions()
    elif what != "nothing":
        after = {"seconds": 1.5} if what == "delay" else {"when": "after"}
        await world.trouble(what, method="WRITE", resource="Orders", **after)


def tell(url, world, sides, seconds):
    """Write the figures where `pytest -s` or `-rP` shows them."""
    figures = {
        "database": "SQLite" if url is None else "PostgreSQL",
        "kills": world.deaths.total(),
        "deals": len(sides.deals),
        "orders that stand": len(sides.orders),
        "doubled": len(sides.doubled()),
        "apart": len(sides.apart()),
        "not noted": len(sides.unnoted()),
        "seconds": round(seconds),
    }
    show(figures, world.missed, world.happened, world.deaths)
