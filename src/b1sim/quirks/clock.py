"""A clock that can be moved ahead, so that nobody has to wait for a session to end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class MovableClock:
    """Shows another clock's time, plus what it was moved by."""

    def __init__(self, base: Callable[[], datetime] | None = None) -> None:
        self._base = base or _utc_now
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Tell the time."""
        return self._base() + self._ahead

    def move(self, seconds: float) -> None:
        """Let time pass at once; it never goes back."""
        self._ahead += timedelta(seconds=max(seconds, 0))


def _utc_now() -> datetime:
    return datetime.now(UTC)
