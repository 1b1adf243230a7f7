"""Whatever step a flow dies at, and whatever answer is lost: both sides end as if nothing was.

In one life each step, or each write, goes wrong once. With B1BRIDGE_KILLS each of them has a
life of its own besides, in which nothing else goes wrong.
"""

import os

import pytest

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1sim.world import World

from .dying_runs import (
    CUT,
    DOCUMENTS,
    EVERY,
    LATE,
    LOST,
    REMEMBERED,
    RESTARTED,
    UNREMEMBERED,
    Fate,
    Town,
)
from .whole_lives import STORIES

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WRITES = (LOST, CUT, LATE)
ONE_BY_ONE = "B1BRIDGE_KILLS" in os.environ


async def lived(story, what="", nth=EVERY):
    """Tell a story from its beginning, struck by its fate; return both sides and the fate."""
    fate = Fate(what, nth)
    async with Town(Simulator(prices_include_tax=False), World(seed=False), fate) as town:
        await story(town)
        assert town.doubled() == []
        return town.books_and_shelves(), fate


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("what", [UNREMEMBERED, REMEMBERED, RESTARTED, *WRITES])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_death_or_a_lost_answer_changes_nothing(story, what):
    peaceful, counted = await lived(story)
    moments = counted.writes if what in WRITES else counted.steps
    lives = [EVERY, *range(1, moments + 1)] if ONE_BY_ONE else [EVERY]
    told = without_numbers if what == RESTARTED else dict

    for nth in lives:
        after, fate = await lived(story, what, nth)
        assert fate.met
        assert told(after) == told(peaceful), f"{what}: {fate.met}"


def without_numbers(held):
    """Leave out what may differ when a run begins anew halfway.

    It counts the changes that stand already, and need not link what it finds in place.
    """
    changes = {
        kind: sorted((one[0].partition("+")[0], *one[1:]) for one in held[kind])
        for kind in DOCUMENTS
    }
    return held | changes | {"links": ""}
