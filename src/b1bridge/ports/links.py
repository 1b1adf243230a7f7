"""Which record here is which record there."""

from __future__ import annotations

from typing import Protocol

from b1bridge.domain.identity import Ref


class Links(Protocol):
    """Remembers that two records are the same thing."""

    async def linked(self, ref: Ref, kind: str) -> Ref | None:
        """Return the other side's record of this kind, when it is known."""
        ...

    async def link(self, ref: Ref, other: Ref, *, number: str = "") -> None:
        """Note that both are the same thing; `number` is what people call the other one."""
        ...
