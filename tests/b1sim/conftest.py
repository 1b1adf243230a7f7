"""What every test of the simulator may need: a clock that it moves."""

from datetime import UTC, datetime, timedelta

import pytest


class Clock:
    """A clock that moves when told."""

    def __init__(self):
        self.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_minutes(self, minutes):
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock():
    return Clock()
