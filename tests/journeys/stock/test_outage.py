"""A peak while SAP is down for half an hour: no push ever promises what was sold."""

import asyncio
import random

import pytest

from b1bridge.engine.records import Schedule

pytestmark = pytest.mark.anyio

STOCK = 40
SKUS = ("MUG", "LAMP", "PEN")


@pytest.mark.slow
async def test_no_push_oversells_while_sap_is_down_for_half_an_hour(both):
    for sku in SKUS:
        both.offers(sku, stock=str(STOCK), shows=STOCK)
    ends = {"source": "books", "target": "shop"}
    every_minute = {"warehouses": ["01"], "moved_only": True}
    for name, options in (("deltas", every_minute), ("whole", {"warehouses": ["01"]})):
        await both.hub.add_sync(
            name, flow="stock-to-shop", **ends, options=options, schedule=Schedule(every=60)
        )
    dice = random.Random(11)  # noqa: S311 - a shopper's mood, not a secret
    bought = dict.fromkeys(SKUS, 0)
    shown_too_many = []

    for minute in range(40):
        if minute == 5:
            both.sap.go_away(30 * 60)
        sku = dice.choice(SKUS)
        if both.shows(sku) > 0:
            bought[sku] += 1
            await both.sells((sku, 1))
        both.sap.clock.move(60)
        await asyncio.sleep(0.3)
        shown_too_many += [s for s in SKUS if both.shows(s) + bought[s] > STOCK]
    await both.settled(120)
    for name in ("deltas", "whole"):
        await both.pushes(name)

    assert shown_too_many == []
    assert {sku: both.shows(sku) for sku in SKUS} == {s: STOCK - n for s, n in bought.items()}
    assert await both.hub.cases() == []
    assert len(both.sap.company.query("Invoices")) == sum(bought.values())
