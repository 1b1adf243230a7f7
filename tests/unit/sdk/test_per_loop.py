"""What belongs to an event loop is made once in each."""

import asyncio

from b1bridge.sdk.per_loop import PerLoop


def test_a_loop_gets_the_same_thing_twice():
    things = PerLoop(object)

    async def ask_twice():
        return things.here() is things.here()

    assert asyncio.run(ask_twice())


def test_two_loops_share_nothing():
    things = PerLoop(object)

    async def ask():
        return things.here()

    assert asyncio.run(ask()) is not asyncio.run(ask())


def test_what_was_taken_is_made_anew():
    things = PerLoop(object)

    async def take():
        first = things.here()
        return things.taken() is first, things.taken() is None, things.here() is not first

    assert asyncio.run(take()) == (True, True, True)
