"""How long a write may go on at the other side when nobody waits for it any more."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class SlowWriter(Protocol):
    """A system that carries a write out even when its caller has gone."""

    longest_write: float
    """Seconds after which a write that was begun is done or will never be."""
