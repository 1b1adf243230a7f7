"""How long a hub under test waits between tries: hardly at all."""

from __future__ import annotations

from b1bridge.engine.retry import Patience

QUICK = Patience(
    quick=1,
    quick_pause=0.01,
    budget=6,
    first_pause=0.05,
    longest_pause=0.1,
    unknown_pause=0.05,
    breaker_pause=0.1,
)
