"""The hub is killed while orders change, come back, are called off, prepaid and sent."""

import itertools
import os
import time
from collections import deque
from functools import partial

import pytest

from b1bridge.testing import deaths
from b1bridge.testing.deaths import Doom

from .conftest import LIVES_TILL_REST
from .lives import show
from .long_lives import INVOICED, ORDERED, LongLives

WANTED = int(os.environ.get("B1BRIDGE_KILLS", "0"))
QUICK = {"sqlite": 5, "postgres": 3}
AWAY_SECONDS = 20.0 if WANTED else 2.0
PATIENCE = 10.0
pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600 + 60 * WANTED)]

# What is written, the resource of SAP that it is written to, and what brings it about.
SHOPS = ""
OF_INVOICES = {
    "open business partner": ("BusinessPartners", ""),
    "keep ship-to address": ("BusinessPartners", ""),
    "post invoice": ("Invoices", ""),
    "post payment": ("IncomingPayments", ""),
    "post invoice web/order": ("Invoices", "edited"),
    "post credit memo web/order": ("CreditNotes", "edited"),
    "post credit memo web/refund": ("CreditNotes", "given_back"),
    "pay out": ("VendorPayments", "called_off"),
    "push differences": (SHOPS, ""),
}
OF_SALES_ORDERS = {
    "post sales order": ("Orders", ""),
    "change sales order": ("Orders", "changed"),
    "cancel sales order": ("Orders", "dropped"),
    "post return": ("Returns", "taken_back"),
    "post down payment": ("DownPayments", ""),
    "post payment": ("IncomingPayments", ""),
    "post invoice": ("Invoices", ""),
    "post credit memo web/order": ("CreditNotes", "called_off"),
    "post credit memo web/refund": ("CreditNotes", "goodwill"),
    "pay out": ("VendorPayments", "given_back"),
    "enter ": (SHOPS, "sent"),
}
STEPS = {
    INVOICED: {"read posted documents": "edited", "read its money": "edited"},
    ORDERED: {
        "read delivery": "all_sent",
        "correct ": "relabelled",
        "withdraw ": "came_back",
        "read prepaid": "",
    },
}
PLACES = (deaths.IN_WRITE, deaths.AFTER_WRITE, deaths.BEFORE_WRITE)
RANDOM = None


@pytest.mark.parametrize(
    ("flows", "writes"),
    [(INVOICED, OF_INVOICES), (ORDERED, OF_SALES_ORDERS)],
    ids=["invoiced", "ordered"],
)
async def test_kills_lose_and_double_nothing_of_a_whole_life(new_world, url, dice, flows, writes):
    wanted = WANTED or QUICK["sqlite" if url is None else "postgres"]
    started = time.monotonic()

    async with new_world(1, partial(LongLives, flows=flows, dice=dice)) as world:
        await world.orders(4)
        await lives(world, dooms(wanted, flows, writes, dice), writes)
        await world.no_trouble()
        await world.all_is_told()

        sides = await world.sides()
        tell(url, world, sides, time.monotonic() - started)
        assert [(case.ref, case.reason, case.message) for case in await world.hub.cases()] == []
        assert await world.hub.runs(state="dead") == []
        assert sides.doubled() == []
        assert sides.lost() == []
        assert sides.apart() == {}
        assert sides.owing() == {}
        assert sides.stock_apart() == {}
        assert sides.parcels_apart() == {}
        assert sides.addresses_twice() == []
        assert world.partners_opened_twice() == []
        assert (await world.hub.verify_audit()).broken_at is None
        assert world.deaths.total() >= wanted


def dooms(wanted, flows, writes, dice):
    """Choose where to die, and what is to happen for that: at each step once before any twice."""
    elsewhere = [(Doom(deaths.BEFORE_END), ""), (Doom(deaths.AFTER_END), ""), (RANDOM, "")]
    elsewhere += [(Doom(deaths.AFTER_STEP, step), act) for step, act in STEPS[flows].items()]
    plan = []
    for turn in range(wanted):
        places = (PLACES[(turn + n) % len(PLACES)] for n in range(len(writes)))
        steps = zip(places, writes.items(), strict=True)
        every = [(Doom(place, step), act) for place, (step, (_, act)) in steps] + elsewhere
        plan += dice.sample(every, k=len(every))
    return deque(plan[:wanted])


async def lives(world, plan, writes):
    """Live and die by the plan; what never comes gives way to a death at a random moment."""
    half = len(plan) // 2
    for life in itertools.takewhile(lambda _: plan, itertools.count()):
        await world.no_trouble()
        if life % LIVES_TILL_REST == 0:
            await world.settles()
        doom, world.wanted = plan.popleft()
        await trouble(world, doom, writes)
        if len(plan) == half:
            await world.away(AWAY_SECONDS)
        await world.orders(world.dice.randint(1, 2))
        if doom is RANDOM:
            await world.dies_within(world.dice.uniform(0.2, 3.0))
            continue
        missed = world.missed.total()
        await world.dies(doom, seconds=PATIENCE)
        if world.missed.total() > missed:
            plan.append((RANDOM, ""))


async def trouble(world, doom, writes):
    """Let SAP be slow where we die in its hands; lose an answer, or forget who is there."""
    resource, _ = writes.get(doom.step, ("", "")) if doom else ("", "")
    if doom and doom.place == deaths.IN_WRITE and resource:
        late = {"resource": resource, "seconds": 1.0, "times": 4}
        await world.trouble("delay", method="WRITE", **late)
        return
    what = world.dice.choice(["nothing", "hang_up", "bad_gateway", "delay", "sessions"])
    if what == "sessions":
        await world.drop_sessions()
    elif what != "nothing":
        after = {"seconds": 1.5} if what == "delay" else {"when": "after"}
        chosen = world.dice.choice(sorted({one for one, _ in writes.values() if one}))
        await world.trouble(what, method="WRITE", resource=chosen, **after)


def tell(url, world, sides, seconds):
    """Write the figures where `pytest -s` or `-rP` shows them."""
    figures = {
        "database": "SQLite" if url is None else "PostgreSQL",
        "kills": world.deaths.total(),
        "orders": len(sides.shop),
        **{name: len(found) for name, found in sides.documents.items()},
        **{name: len(found) for name, found in sides.payments.items()},
        "parcels": sum(len(there) for _, there in sides.parcels.values()),
        "doubled": len(sides.doubled()),
        "lost": len(sides.lost()),
        "seconds": round(seconds),
    }
    show(figures, world.missed, world.happened, world.deaths)
