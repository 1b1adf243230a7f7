"""Everything a test or demo may ask to go wrong, in one place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from b1sim.quirks.faults import Faults
from b1sim.quirks.outage import Outage


@dataclass
class Trouble:
    """Armed faults and a possible outage, on one clock."""

    clock: Callable[[], datetime]
    faults: Faults = field(default_factory=Faults)
    outage: Outage = field(default_factory=Outage)
