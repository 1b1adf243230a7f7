"""Makes user tables, fields and keys in a company: planned first, and safe to repeat.

SAP shows what is new only after a restart of the Service Layer (sap-service-layer.md 5.3), so that
is a state of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from b1bridge.connectors.sap_b1.client.metadata import Metadata, read_metadata
from b1bridge.connectors.sap_b1.client.odata import Filter, encoded
from b1bridge.connectors.sap_b1.client.pages import pages
from b1bridge.connectors.sap_b1.client.refusals import ALREADY_THERE
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.user_schema import (
    Facts,
    Thing,
    UserField,
    UserTable,
    Wanted,
    difference,
    named,
    payload_of,
    place_of,
    things_of,
)
from b1bridge.errors import Rejected

# The type in which $metadata shows a table's fields; of other tables any type will do.
TYPES: Mapping[str, str] = {
    "OCRD": "BusinessPartner",
    "OITM": "Item",
    **dict.fromkeys(("OQUT", "ORDR", "ODLN", "ORDN", "OINV", "ORIN", "ODRF"), "Document"),
    **dict.fromkeys(("QUT1", "RDR1", "DLN1", "RDN1", "INV1", "RIN1"), "DocumentLine"),
}


class State(StrEnum):
    """What is to be done about one thing."""

    CREATE = "create"
    KEEP = "keep"
    CONFLICT = "conflict"
    RESTART = "restart the Service Layer"


class Step(BaseModel):
    """One thing of the plan; `why` tells a conflict."""

    model_config = ConfigDict(frozen=True)

    what: str
    state: State
    why: str = ""


async def plan(service: ServiceLayer, wanted: Wanted) -> list[Step]:
    """Compare what is wanted with the company, changing nothing: the dry run."""
    metadata = await read_metadata(service)
    return [await _step(service, thing, metadata) for thing in things_of(wanted)]


async def provision(service: ServiceLayer, wanted: Wanted) -> list[Step]:
    """Create what is missing, then look again; repeatable.

    Nothing is created when anything is in conflict. Steps that ask for a restart are in SAP but
    not visible yet: have the Service Layer restarted, then look with `plan`.
    """
    steps = await plan(service, wanted)
    if any(step.state is State.CONFLICT for step in steps):
        return steps
    for thing, step in zip(things_of(wanted), steps, strict=True):
        if step.state is State.CREATE:
            await _create(service, thing)
    return [_still_missing(step) for step in await plan(service, wanted)]


def _still_missing(step: Step) -> Step:
    """Name a contradiction: SAP has taken it, or says it was there, and does not show it."""
    if step.state is not State.CREATE:
        return step
    why = "SAP has it under another spelling, or took it and does not list it"
    return Step(what=step.what, state=State.CONFLICT, why=why)


async def _step(service: ServiceLayer, thing: Thing, metadata: Metadata) -> Step:
    what = named(thing)
    found = await _found(service, thing)
    if found is None:
        return Step(what=what, state=State.CREATE)
    if why := difference(thing, found):
        return Step(what=what, state=State.CONFLICT, why=why)
    visible = _is_visible(thing, metadata)
    return Step(what=what, state=State.KEEP if visible else State.RESTART)


async def _found(service: ServiceLayer, thing: Thing) -> Facts | None:
    entity_set, where = place_of(thing)
    async for row in _rows(service, entity_set, where):
        return row
    return None


async def _rows(service: ServiceLayer, entity_set: str, where: Filter) -> AsyncIterator[Facts]:
    async for page in pages(service, f"{entity_set}?$filter={encoded(where.text)}"):
        for row in page:
            yield row


async def _create(service: ServiceLayer, thing: Thing) -> None:
    """Create one; a field of orders comes with those of all documents, so it may be there now."""
    entity_set, _ = place_of(thing)
    try:
        await service.post(entity_set, payload_of(thing))
    except Rejected as exc:
        if exc.code != ALREADY_THERE:
            raise


def _is_visible(thing: Thing, metadata: Metadata) -> bool:
    """Tell whether $metadata shows it already; keys it never shows."""
    if isinstance(thing, UserTable):
        return f"U_{thing.name}" in metadata.sets
    if isinstance(thing, UserField):
        if thing.table.startswith("@"):
            type_name = metadata.sets.get(f"U_{thing.table[1:]}", "U_")
        else:
            type_name = TYPES.get(thing.table, "")
        return metadata.has_field(f"U_{thing.name}", type_name)
    return True
