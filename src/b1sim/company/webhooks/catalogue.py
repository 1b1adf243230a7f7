"""Which events there are: business objects with their object types and transactions."""

from collections.abc import Mapping
from typing import Any, get_args

from b1sim.company.books import Books
from b1sim.company.changes import Event
from b1sim.company.kinds import KINDS
from b1sim.company.service import Listed, Service

EVERY: tuple[Event, ...] = get_args(Event)
_SIMPLE = EVERY[:3]
# Object types: sap-service-layer.md 8.
_TYPES = {
    "BusinessPartners": "2",
    "Items": "4",
    "IncomingPayments": "24",
    "JournalEntries": "30",
    "VendorPayments": "46",
    "InventoryGenEntries": "59",
    "InventoryGenExits": "60",
    "StockTransfers": "67",
    "Drafts": "112",
}
_OTHERS = ("Activities",)


def transactions(books: Books) -> dict[str, tuple[Event, ...]]:
    """Name what may happen to each object.

    SAP's list is for Orders, BusinessPartners and Activities; that every document has the six
    events of an order, and all others with a known object type the three of a partner, is a guess.
    """
    found: dict[str, tuple[Event, ...]] = {}
    for name, entity_set in books.sets.items():
        if name in KINDS:
            found[name] = EVERY
        elif name in _TYPES or name in _OTHERS or entity_set.table.startswith("@"):
            found[name] = _SIMPLE
    return found


def _object_type(name: str) -> str:
    known = KINDS.get(name)
    return _TYPES.get(name) or (str(known.type) if known else name)


def event_catalogue(books: Books, sent: Mapping[str, Any]) -> Listed:  # noqa: ARG001 - asks nothing
    """List the objects; the names of the members are guesses beyond ObjectType."""
    rows = [
        {"BusinessObject": name, "ObjectType": _object_type(name), "Transactions": ",".join(events)}
        for name, events in sorted(transactions(books).items())
    ]
    return Listed("EventCatalogItem", rows)


SERVICES: Mapping[str, Service] = {"EventSubscriptionsService_GetEventCatalog": event_catalogue}
