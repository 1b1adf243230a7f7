"""What an API has been used for, hour by hour, where its provider counts and charges."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from b1bridge.domain.budgets import BudgetReport


@dataclass(slots=True)
class Bill:
    """What one run has cost so far."""

    cost: int = 0


_bill: ContextVar[Bill | None] = ContextVar("bill", default=None)


def open_bill() -> Bill:
    """Return a bill that grows with what is charged from here on in this task."""
    bill = Bill()
    _bill.set(bill)
    return bill


def charge(cost: int) -> None:
    """Put a cost on the bill of whoever asked."""
    if (bill := _bill.get()) is not None:
        bill.cost += cost


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
