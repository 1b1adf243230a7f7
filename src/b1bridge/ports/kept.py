"""What the hub lends to a connector whose records it keeps itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from b1bridge.ports.renewed import Renewed, RenewedHere
from b1bridge.ports.submissions import Submissions
from b1bridge.ports.usage import Usage


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """The hub's side of such a connection.

    `open_connection` returns the capabilities of another connection by its name; its errors
    say where they happened. NeedsOperator when there is no such connection.
    """

    submissions: Submissions
    usage: Usage
    open_connection: Callable[[str], Awaitable[object]]
    clock: Callable[[], datetime] = _now
    renewed: Renewed = field(default_factory=RenewedHere)
