"""A quota is kept before it is exceeded."""

import asyncio

import pytest

from b1bridge.sdk.rate_limit import Allowance

pytestmark = pytest.mark.anyio


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        await asyncio.sleep(0)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


async def test_nothing_is_held_back_before_anything_is_known(clock):
    allowance = Allowance(clock=clock, sleep=clock.sleep)

    for _ in range(1000):
        await allowance.take()

    assert clock.now == 0


async def test_the_last_request_waits_for_the_next_window(clock):
    allowance = Allowance(clock=clock, sleep=clock.sleep)
    allowance.learn(2, 30.0)

    await allowance.take()
    await allowance.take()
    assert clock.now == 0
    await allowance.take()

    assert clock.now == 30


async def test_some_requests_are_left_to_others(clock):
    allowance = Allowance(keep=2, clock=clock, sleep=clock.sleep)
    allowance.learn(3, 30.0)

    await allowance.take()
    await allowance.take()

    assert clock.now == 30


async def test_an_answer_that_was_overtaken_gives_nothing_back(clock):
    allowance = Allowance(clock=clock, sleep=clock.sleep)
    allowance.learn(1, 30.0)
    allowance.learn(9, 30.0)

    await allowance.take()
    await allowance.take()

    assert clock.now == 30


async def test_a_new_window_is_believed(clock):
    allowance = Allowance(clock=clock, sleep=clock.sleep)
    allowance.learn(0, 30.0)
    clock.now = 31.0
    allowance.learn(5, 30.0)

    for _ in range(5):
        await allowance.take()

    assert clock.now == 31
