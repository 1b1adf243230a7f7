"""Everything a test or demo may ask to go wrong, in one place."""

from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from datetime import datetime

from b1sim.quirks.faults import Faults
from b1sim.quirks.nodes import Balancer
from b1sim.quirks.outage import Outage


@dataclass
class Trouble:
    """Armed faults, a possible outage, and nodes that may die, on one clock."""

    clock: Callable[[], datetime]
    nodes: InitVar[int] = 1
    faults: Faults = field(default_factory=Faults)
    outage: Outage = field(default_factory=Outage)
    balancer: Balancer = field(init=False)

    def __post_init__(self, nodes: int) -> None:
        """Start the nodes."""
        self.balancer = Balancer.of(nodes, self.clock)
