"""What an API has been used for, hour by hour, where its provider counts and charges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from b1bridge.domain.budgets import BudgetReport


class Usage(Protocol):
    """Counters that every process of the hub adds to; an hour is written 2026-11-21T14."""

    async def add(self, connection: str, hour: str, cost: int) -> None:
        """Add to the counter of an hour."""
        ...

    async def since(self, connection: str, hour: str) -> Mapping[str, int]:
        """Return the counters from an hour on."""
        ...


@runtime_checkable
class Metered(Protocol):
    """An API whose use is limited by the day."""

    async def budget(self) -> BudgetReport:
        """Say how the day stands."""
        ...
