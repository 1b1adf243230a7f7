"""A clock that can be moved ahead, so that nobody has to wait for midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Shows the machine's time, plus what it was moved by."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC) + self._ahead

    def move(self, seconds: float) -> None:
        """Let time pass at once; it never goes back."""
        self._ahead += timedelta(seconds=max(seconds, 0))
