"""What the company cannot know by itself: whether a receiver answered, what a filter means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from b1sim.company.refusals import Refusal, not_simulated
from b1sim.company.shape.model import EntitySet

Condition = tuple[str, Sequence[Any]]
"""SQL over the columns of a set, with its parameters."""


@dataclass(frozen=True)
class Hook:
    """Where a subscription sends to, and how it proves who it is."""

    id: str
    url: str
    authentication: str
    credentials: str
    """JSON, as it was sent."""
    verify: bool


class HandshakeNeeded(Refusal):
    """A receiver must be greeted first; whoever can reach it does so and asks again.

    Where nobody can, as inside a batch, this is the refusal itself.
    """

    def __init__(self, hook: Hook) -> None:
        refusal = not_simulated("the handshake of a webhook in a $batch")
        super().__init__(refusal.status, refusal.code, refusal.message)
        self.hook = hook


def _unreadable(kind: EntitySet, text: str) -> Condition:
    what = f"the FilterExpr {text} of {kind.name} without a Service Layer"
    raise not_simulated(what)


@dataclass
class Outside:
    """Told by the Service Layer; a company alone knows neither."""

    greeted: str | None = None
    """What the receiver of the present request answered: empty is right, else what went wrong."""
    condition: Callable[[EntitySet, str], Condition] = _unreadable
    """Reads a FilterExpr; refuses what is none."""
