"""What a hub lends to a connector, kept in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from b1bridge.errors import NeedsOperator
from b1bridge.ports.kept import Kept
from b1bridge.ports.submissions import Submissions


class UsageInMemory:
    """Counters that end with the test."""

    def __init__(self) -> None:
        self.hours: dict[tuple[str, str], int] = {}

    async def add(self, connection: str, hour: str, cost: int) -> None:
        """Add to the counter of an hour."""
        self.hours[connection, hour] = self.hours.get((connection, hour), 0) + cost

    async def since(self, connection: str, hour: str) -> Mapping[str, int]:
        """Return the counters from an hour on."""
        mine = ((at, cost) for (name, at), cost in self.hours.items() if name == connection)
        return {at: cost for at, cost in mine if at >= hour}


def kept_in_memory() -> Kept:
    """Lend counters; there are no submissions, and no other connection."""
    return Kept(cast("Submissions", None), UsageInMemory(), _no_other)


async def _no_other(name: str) -> object:
    msg = f"there is no connection named {name!r}"
    raise NeedsOperator(msg, reason="UNKNOWN_CONNECTION", fix="open it first")
