"""What the Service Layer knows of a company: SAP's sets, and its own as of the last start.

Fields and tables that were made since are there and not known (sap-service-layer.md 5.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from b1sim.company.shape.model import ENTITY_SETS, EntitySet

Sets = Mapping[str, EntitySet]


@dataclass(frozen=True, eq=False)
class Known:
    """The sets of a company, with its user-defined fields and tables."""

    sets: Sets = field(default_factory=lambda: ENTITY_SETS)
    user_fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By table: the fields that lie in our own column, such as `U_ShopRef`."""

    @property
    def is_extended(self) -> bool:
        """Tell whether the company has anything of its own."""
        return self.sets is not ENTITY_SETS


PLAIN = Known()
