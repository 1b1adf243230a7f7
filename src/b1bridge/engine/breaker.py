"""A circuit breaker per connection: when a system is down, runs wait outside, not in slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from b1bridge.engine import logbook


@dataclass(slots=True)
class _Line:
    failures: int = 0
    openings: int = 0
    probe_at: datetime | None = None


@dataclass(slots=True)
class Breakers:
    """Counts failures in a row per connection; lives in one process and starts closed."""

    threshold: int = 5
    first_pause: timedelta = timedelta(seconds=5)
    longest_pause: timedelta = timedelta(minutes=5)
    _lines: dict[str, _Line] = field(default_factory=dict)

    def failed(self, connection: str, now: datetime) -> None:
        """Count a failure; at the threshold, or on a failed probe, open for a while."""
        line = self._lines.setdefault(connection, _Line())
        line.failures += 1
        probing = line.probe_at is not None and now >= line.probe_at
        if probing or (line.probe_at is None and line.failures >= self.threshold):
            pause = min(self.first_pause * 2**line.openings, self.longest_pause)
            line.openings = min(line.openings + 1, 20)
            line.probe_at = now + pause
            logbook.breaker_opened(connection, line.probe_at)

    def worked(self, connection: str) -> bool:
        """Close again after a success; tell whether it had been open."""
        line = self._lines.pop(connection, None)
        if line is None or line.probe_at is None:
            return False
        logbook.breaker_closed(connection)
        return True

    def open_until(self, connection: str) -> datetime | None:
        """Return when an open breaker lets the next probe through; None when closed."""
        line = self._lines.get(connection)
        return None if line is None else line.probe_at

    def shut_out(self, now: datetime) -> dict[str, datetime]:
        """Return the connections that take no run now, and until when."""
        return {
            name: line.probe_at
            for name, line in self._lines.items()
            if line.probe_at is not None and now < line.probe_at
        }

    def probing(self) -> frozenset[str]:
        """Return the connections whose breaker is open: one run at a time may try them."""
        return frozenset(name for name, line in self._lines.items() if line.probe_at is not None)
