"""When nobody does anything, nothing is written on either side, however long and whoever looks."""

import asyncio
import sys
from collections import Counter

import pytest

from b1bridge.engine.looking import NAME as LOOK
from b1bridge.engine.records import Schedule
from b1bridge.flows import discover

from .hubs import DOOR, FROM_CRM, TO_CRM, hub_between

pytestmark = pytest.mark.anyio
FLOWS = discover()
EVERY = 600
WATCHED = {FLOWS[name].on for name in (*TO_CRM, *FROM_CRM)}
LOOKS_IN_AN_HOUR = 3600 // EVERY
WATCHES = {"watch-budget/crm", "sweep-for-gaps/crm", "sweep-for-gaps/books", "keep-webhooks/crm"}


@pytest.fixture
async def between(tmp_path):
    async with hub_between(tmp_path, schedule=Schedule(every=EVERY), webhook_url=DOOR) as opened:
        await looked(opened, 1)
        yield opened


async def passes(between, times=1):
    """Let time pass, let every schedule look, and the postman come."""
    for _ in range(times):
        before = min((await looks(between)).values())
        between.clock.move(EVERY)
        await looked(between, before + 1)
        await between.deliver(copies=3, shuffle=1)


async def looked(between, times):
    """Wait until everything was looked through so often, and all that came of it is done."""
    async with asyncio.timeout(60):
        while min((await looks(between)).values()) < times:  # noqa: ASYNC110 - watched from outside
            await asyncio.sleep(0.1)
    await between.settled()


async def looks(between):
    """Return how often each kind of record was looked through."""
    runs = [await between.hub.runs(sync=f"{LOOK}/{one}", limit=9999) for one in ("crm", "books")]
    found = Counter(run.ref.id for one in runs for run in one)
    return {kind: found[kind] for kind in WATCHED}


async def trades(between):
    """Let one deal be sold, delivered and invoiced, one be won and lost, one wait."""
    await passes(between)
    sold, lost = between.deal(), between.deal(quantity="3")
    between.deal(quantity="4")
    for deal in (sold, lost):
        between.pipedrive.win_deal(deal)
    await passes(between)
    between.pipedrive.lose_deal(lost)
    between.pipedrive.change_organization(1, name="Anna Ek, renamed by sales")
    company = between.sap.company
    [order] = [one for one in between.orders() if one["NumAtCard"] == f"crm/deal/{sold}"]
    drawn = {"BaseType": 17, "BaseEntry": order["DocEntry"], "BaseLine": 0}
    delivery = company.create("DeliveryNotes", {"CardCode": "C1", "DocumentLines": [drawn]})
    await passes(between)
    drawn = {"BaseType": 15, "BaseEntry": delivery["DocEntry"], "BaseLine": 0}
    header = {"CardCode": "C1", "NumAtCard": f"crm/deal/{sold}"}
    company.create("Invoices", {**header, "DocumentLines": [drawn]})
    between.invoice()
    company.patch("Items", {"ItemCode": "TEA"}, {"ItemName": "Lady Grey"})
    await passes(between, 3)


async def test_an_idle_hour_writes_nothing_on_either_side(between):
    await trades(between)
    assert len(between.orders()) == 1
    assert len(between.pipedrive.company.notes) == 2
    assert all(between.written().values())
    before = await finished(between)
    tokens = sum(between.pipedrive.ledger.spent.values())
    for line in between.lines.values():
        line.sent.clear()

    await passes(between, LOOKS_IN_AN_HOUR)

    tell(between, sum(between.pipedrive.ledger.spent.values()) - tokens)
    assert between.written() == {"crm": [], "books": []}
    assert await between.hub.cases() == []
    watched = Counter(await finished(between)) - Counter(before)
    assert set(watched) >= WATCHES


async def finished(between):
    """Return how often each of the hub's own watches has come to its end."""
    runs = {one: await between.hub.runs(sync=one, state="finished") for one in WATCHES}
    return {one: len(found) for one, found in runs.items()}


def tell(between, tokens):
    """Write the figures where `pytest -s` or `-rP` shows them."""
    lines = [f"tokens: {tokens}"]
    for side in between.lines:
        asked = Counter(between.asked(side))
        lines += [f"{side}: {asked.total()} requests"]
        lines += [f"{times:>6} x {what}" for what, times in asked.most_common()]
    sys.stdout.write("\n".join(["", *lines, ""]))
