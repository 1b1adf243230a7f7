"""Orders we know of and the books do not yet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol


class InFlight(Protocol):
    """What shoppers have bought that no document in the books commits yet."""

    async def quantities(self) -> Mapping[str, Decimal]:
        """Return the quantity in flight per item code."""
        ...
