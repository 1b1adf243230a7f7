"""The hub is killed at every step, again and again: each order is booked and paid once."""

import itertools
import os
import time
from collections import deque
from dataclasses import replace

import pytest

from b1bridge.testing import deaths
from b1bridge.testing.deaths import Doom

from .conftest import LIVES_TILL_REST
from .lives import show

WANTED = int(os.environ.get("B1BRIDGE_KILLS", "0"))
QUICK = {"sqlite": 18, "postgres": 12}
AWAY_SECONDS = 60.0 if WANTED else 3.0
pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600 + 60 * WANTED)]

ORDER_STEPS = (
    "read order",
    "read company and items",
    "find business partner",
    "open business partner",
    "post invoice",
    "read back totals",
    "note number in shop",
)
PAYMENT_STEPS = ("read payments", "find invoice", "post payment")
WRITES = {
    "open business partner": "BusinessPartners",
    "post invoice": "Invoices",
    "post payment": "IncomingPayments",
}
AT_STEPS = [
    Doom(place, step)
    for step in (*ORDER_STEPS, *PAYMENT_STEPS)
    for place in (deaths.BEFORE_STEP, deaths.AFTER_STEP, deaths.REMEMBERED)
]
AT_WRITES = [
    Doom(place, step)
    for step in WRITES
    for place in (deaths.BEFORE_WRITE, deaths.IN_WRITE, deaths.AFTER_WRITE)
]
AT_DOORS = [
    Doom(place)
    for place in (
        deaths.IN_NOTICE,
        deaths.AFTER_NOTICE,
        deaths.AFTER_200,
        deaths.TAKEN_UP,
        deaths.BEFORE_END,
        deaths.AFTER_END,
    )
]
RANDOM = None


async def test_kills_at_every_step_lose_and_double_nothing(new_world, url, dice):
    wanted = WANTED or QUICK["sqlite" if url is None else "postgres"]
    started = time.monotonic()

    async with new_world(6 * wanted) as world:
        await world.orders(4)
        await lives(world, dooms(wanted, dice), wanted, dice)
        await world.no_trouble()
        await world.settles()
        seconds = time.monotonic() - started

        proof = await world.proof()
        tell(url, world, proof, seconds)
        assert world.deaths.total() >= wanted
        assert proof.holds, proof
        assert proof.orders_in == len(world.placed)
        assert proof.orders_in == proof.documents_posted + proof.not_a_sale + proof.in_cases
        assert {case.reason for case in await world.hub.cases()} <= {"MISSING_ITEM"}
        assert await world.hub.runs(state="dead") == []
        assert world.partners_opened_twice() == []
        assert (await world.hub.verify_audit()).broken_at is None


def dooms(wanted, dice):
    """Choose where to die: every place when there are kills enough, the writes first if not."""
    random = wanted // 8
    every = [*AT_WRITES, *AT_DOORS, *dice.sample(AT_STEPS, k=len(AT_STEPS))]
    chosen = [every[n % len(every)] for n in range(wanted - random)]
    plan = [replace(doom, nth=dice.randint(1, 4)) for doom in chosen] + [RANDOM] * random
    dice.shuffle(plan)
    return deque(plan)


async def lives(world, plan, wanted, dice):
    """Live and die by the plan, with SAP away once in its middle."""
    total = len(plan)
    for life in itertools.takewhile(lambda _: plan, itertools.count(1)):
        if len(plan) == total // 2 + 1:
            await an_outage(world, dice)
        doom = plan.popleft()
        await world.no_trouble()
        if life % LIVES_TILL_REST == 0:
            await world.settles()
        await trouble(world, doom, dice)
        await world.orders(dice.randint(1, 2))
        if doom is RANDOM:
            await world.dies_within(dice.uniform(0.0, 2.0))
            continue
        missed = world.missed.total()
        await world.dies(doom)
        if world.missed.total() > missed:
            assert world.missed.total() <= wanted // 4, world.missed
            plan.append(replace(doom, nth=1))


async def an_outage(world, dice):
    """Go on dying while SAP is away."""
    over = time.monotonic() + AWAY_SECONDS
    await world.away(AWAY_SECONDS)
    while time.monotonic() < over:
        await world.orders(1)
        await world.dies_within(dice.uniform(0.5, 4.0))


async def trouble(world, doom, dice):
    """Let SAP misbehave: lost replies, forgotten sessions, late commits."""
    if doom is not RANDOM and doom.place == deaths.IN_WRITE:
        late = {"resource": WRITES[doom.step], "seconds": 1.0, "times": 4}
        await world.trouble("delay", method="POST", **late)
        return
    resource = dice.choice(list(WRITES.values()))
    what = dice.choice(["nothing", "lose", "cut", "late", "slow", "sessions"])
    if what == "lose":
        await world.trouble("hang_up", when="after", method="POST", resource=resource)
    if what == "cut":
        await world.trouble("bad_gateway", when="after", method="POST", resource=resource)
    if what == "late":
        await world.trouble("delay", method="POST", resource=resource, seconds=1.5)
    if what == "slow":
        await world.trouble("delay", when="after", method="POST", resource=resource, seconds=0.5)
    if what == "sessions":
        await world.drop_sessions()


def tell(url, world, proof, seconds):
    """Write the figures where `pytest -s` or `-rP` shows them."""
    figures = {
        "database": "SQLite" if url is None else "PostgreSQL",
        "kills": world.deaths.total(),
        "orders": proof.orders_in,
        "documents": proof.documents_posted,
        "payments": proof.payments_posted,
        "not a sale": proof.not_a_sale,
        "waiting for a person": proof.in_cases,
        "duplicates": len(proof.duplicates),
        "lost": len(proof.lost),
        "total in the shop": proof.total_shop,
        "total in SAP": proof.total_sap,
        "paid in the shop": proof.payments_shop,
        "paid in SAP": proof.payments_sap,
        "seconds": round(seconds),
    }
    show(figures, world.missed, world.deaths)
