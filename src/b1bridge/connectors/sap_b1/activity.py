"""Whether a partner or an item may be sold to or sold: valid or frozen, for good or for a time."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from b1bridge.connectors.sap_b1.wire import Wire, YesNo

# v2 writes days as moments of midnight (sap-service-layer.md 7).
_Day = Annotated[
    date | None, BeforeValidator(lambda said: date.fromisoformat(str(said)[:10]) if said else None)
]


class WireActivity(Wire):
    """What a card says of its use; names of the properties: SAP's metadata."""

    valid: YesNo = Field(alias="Valid", default=True)
    valid_from: _Day = Field(alias="ValidFrom", default=None)
    valid_to: _Day = Field(alias="ValidTo", default=None)
    frozen: YesNo = Field(alias="Frozen", default=False)
    frozen_from: _Day = Field(alias="FrozenFrom", default=None)
    frozen_to: _Day = Field(alias="FrozenTo", default=None)

    def is_active(self, day: date) -> bool:
        """Tell whether it may be used on a day.

        What is frozen for a time may be used on all other days (guess).
        """
        if self.frozen:
            if _covers(self.frozen_from, day, self.frozen_to):
                return False
            if not self.valid:
                return True
        return self.valid and _covers(self.valid_from, day, self.valid_to)


def _covers(start: date | None, day: date, end: date | None) -> bool:
    return (start or date.min) <= day <= (end or date.max)
