"""A domain that takes its webhooks badly hears nothing for a while (storefronts.md 1.7)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

WINDOW, BARRED_FOR = timedelta(minutes=2), timedelta(minutes=3)
ENOUGH_REQUESTS, LEAST_SHARE = 100, 0.9


@dataclass(slots=True)
class Reputation:
    """Counts what each domain answered in the last two minutes."""

    clock: Callable[[], datetime]
    answers: dict[str, deque[tuple[datetime, bool]]] = field(default_factory=dict)
    barred_until: dict[str, datetime] = field(default_factory=dict)

    def bars(self, url: str) -> bool:
        """Tell whether the domain has to wait; what is due to it stays queued."""
        until = self.barred_until.get(_domain(url))
        return until is not None and self.clock() < until

    def note(self, url: str, *, success: bool) -> None:
        """Count one answer, and bar the domain when fewer than nine in ten were good."""
        domain, now = _domain(url), self.clock()
        answers = self.answers.setdefault(domain, deque())
        answers.append((now, success))
        while answers[0][0] <= now - WINDOW:
            answers.popleft()
        good = sum(success for _, success in answers)
        if len(answers) >= ENOUGH_REQUESTS and good < LEAST_SHARE * len(answers):
            self.barred_until[domain] = now + BARRED_FOR
            answers.clear()


def _domain(url: str) -> str:
    return urlsplit(url).hostname or ""
