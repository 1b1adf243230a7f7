"""What just changed in the company: noted where it happens, told to whoever watches.

Watchers are told inside the transaction of the write, so that one may still refuse it.
"""

from dataclasses import dataclass
from typing import Any, Literal

Event = Literal["Created", "Updated", "Deleted", "Closed", "Cancelled", "Reopened"]
"""The transactions of SAP's webhooks (sap-service-layer.md 6)."""

_OF_ACTIONS: dict[str, Event] = {
    "Close": "Closed",
    "Cancel": "Cancelled",
    "CancelbyCurrentSystemDate": "Cancelled",
    "CreateCancellationDocument": "Cancelled",
    "Reopen": "Reopened",
}


@dataclass(frozen=True)
class Change:
    """One entity that was written."""

    entity_set: str
    key: dict[str, Any]
    """By property names."""
    event: Event


def event_of(action: str) -> Event:
    """Name what a bound action does to its entity."""
    return _OF_ACTIONS.get(action, "Updated")
