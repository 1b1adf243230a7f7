"""A clock that moves when a test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Call it for the time; wind it on with `forward`."""

    def __init__(self, start: datetime = datetime(2026, 11, 2, 9, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """Tell the time that the test set."""
        return self._now

    def forward(self, **by: float) -> None:
        """Move on, in timedelta's words: `forward(minutes=5)`."""
        self._now += timedelta(**by)
