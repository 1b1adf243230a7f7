"""Answers PUT: what the body does not name gets its default or null; SAP advises PATCH (5)."""

from typing import Any

from b1sim.company.company import Company
from b1sim.company.keepers import keeper_of
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.shape.areas import DEFAULTS
from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.reading.places import Key
from b1sim.odata.refusing import not_simulated
from b1sim.odata.reply import Reply
from b1sim.odata.request import Request
from b1sim.odata.writes import Payload, replace_reply


def put_reply(
    company: Company, request: Request, entity_set: EntitySet, key: Key, payload: Payload
) -> Reply:
    """Replace a record of master data; nobody knows what SAP leaves of a document put so."""
    if not isinstance(keeper_of(entity_set), MasterKeeper):
        what = f"PUT of {entity_set.name}"
        raise not_simulated(what)
    before = company.read(entity_set.name, key)
    emptied = {
        name: _default(entity_set, found)
        for name, found in entity_set.properties.items()
        if before.get(name) is not None and _is_emptied(entity_set, found, payload)
    }
    return replace_reply(company, request, entity_set, key, emptied | payload)


def _is_emptied(entity_set: EntitySet, found: Property, payload: Payload) -> bool:
    sent = found.name in payload or found.v2_name in payload
    return not (sent or found.read_only or found.name in entity_set.key)


def _default(entity_set: EntitySet, found: Property) -> Any:
    return DEFAULTS.get(entity_set.table, {}).get(found.column or "")
