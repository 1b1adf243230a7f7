"""What a shop was last told to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from b1bridge.domain.stock import Pushed, ShopStock


class ShownStock(Protocol):
    """Remembers the last figure pushed; a convenience of reports, nothing is decided by it."""

    async def note(self, connection: str, levels: Sequence[ShopStock]) -> None:
        """Note what this shop was told just now."""
        ...

    async def last(self, connection: str) -> Mapping[tuple[str, str], Pushed]:
        """Return what it was last told, by SKU and location."""
        ...
