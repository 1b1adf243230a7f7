"""Orders we know of and the books do not yet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from b1bridge.domain.identity import Ref


class InFlight(Protocol):
    """What shoppers have bought that no document in the books commits yet."""

    async def quantities(self) -> Mapping[str, Decimal]:
        """Return the quantity in flight per item code."""
        ...

    async def unread(self) -> int:
        """Count the orders we were told of whose goods nobody has read and noted yet."""
        ...

    async def hold(self, ref: Ref, quantities: Mapping[str, Decimal]) -> None:
        """Note what this order takes; a repeat replaces what was noted before."""
        ...

    async def release(self, ref: Ref) -> None:
        """Forget the order: a document commits it now, or it is no sale; may be repeated."""
        ...
