"""Answers PUT: what the body does not name gets its default or null; SAP advises PATCH (5)."""

from typing import Any

from b1sim.company.company import Company
from b1sim.company.documents.keeper import DocumentKeeper
from b1sim.company.keepers import keeper_of
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.shape.areas import DEFAULTS
from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.reading.places import Key
from b1sim.odata.refusing import not_simulated
from b1sim.odata.reply import Reply
from b1sim.odata.request import Request
from b1sim.odata.writes import Payload, replace_reply

# Guess: nobody knows what SAP leaves of a document that is put without the rest.
_TEXTS = frozenset({"NumAtCard", "Comments", "TrackingNumber", "Reference1", "Reference2"})


def put_reply(
    company: Company, request: Request, entity_set: EntitySet, key: Key, payload: Payload
) -> Reply:
    """Replace a record of master data; of a document its texts are replaced, and rows sent."""
    before = company.read(entity_set.name, key)
    emptied = {
        name: _default(entity_set, found)
        for name, found in _replaced(request, entity_set).items()
        if before.get(name) is not None and _is_emptied(entity_set, found, payload)
    }
    return replace_reply(company, request, entity_set, key, emptied | payload)


def _replaced(request: Request, entity_set: EntitySet) -> dict[str, Property]:
    keeper, known = keeper_of(entity_set), dict(entity_set.properties)
    if isinstance(keeper, MasterKeeper):
        return known
    if isinstance(keeper, DocumentKeeper):
        return {name: known[name] for name in _TEXTS & known.keys()}
    what = f"{request.verb} of {entity_set.name}"
    raise not_simulated(what)


def _is_emptied(entity_set: EntitySet, found: Property, payload: Payload) -> bool:
    sent = found.name in payload or found.v2_name in payload
    return not (sent or found.read_only or found.name in entity_set.key)


def _default(entity_set: EntitySet, found: Property) -> Any:
    return DEFAULTS.get(entity_set.table, {}).get(found.column or "")
