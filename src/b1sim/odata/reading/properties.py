"""Answers one property of one entity: its value, its raw value, its rows (4.1)."""

from http import HTTPStatus
from typing import Any

from b1sim.company.company import Company
from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.json_text import enclosed, quoted, text_of
from b1sim.odata.reading.conditions import property_of
from b1sim.odata.reading.entities import plan_of, value_text
from b1sim.odata.reading.places import Place
from b1sim.odata.reading.reads import plain_reply
from b1sim.odata.refusing import (
    bad_request,
    no_matching_record,
    no_value,
    not_simulated,
    unknown_property,
    unrecognized,
)
from b1sim.odata.reply import Reply, json_reply
from b1sim.odata.request import Request


def property_reply(company: Company, request: Request, place: Place, rest: list[str]) -> Reply:
    """Answer `/Orders(1)/DocEntry`, or its raw `$value`."""
    name, *deeper = rest
    entity_set = place.entity_set
    if _has_parts(entity_set, name):
        if deeper:
            # SAP does not offer this; the refusal's text is a guess.
            msg = f"Retrieving the properties of the complex type '{name}' is not supported"
            raise bad_request(msg)
        return _parts_reply(company, request, place, name)
    found = _simple(entity_set, name)
    if deeper not in ([], ["$value"]):
        path = "/".join(rest)
        raise unrecognized(path)
    value = (_row(company, place, name=found.name) or {}).get(found.name)
    if deeper:
        return _raw(found, value, request)
    # The guide answers an entity that is not there as it answers a null (4.1).
    if value is None:
        body = text_of({request.version.null: True})
    else:
        body = f'{{\n\t"value" : {value_text(found, value, request.version)}\n}}\n'
    return json_reply(HTTPStatus.OK, body, request.version)


def _has_parts(entity_set: EntitySet, name: str) -> bool:
    found = entity_set.properties.get(name)
    return name in entity_set.collections or bool(found and found.complex)


def _simple(entity_set: EntitySet, name: str) -> Property:
    found = property_of(entity_set, name)
    if found is not None:
        return found
    if name in entity_set.unsimulated:
        what = f"reading {entity_set.name}(…)/{name} alone"
        raise not_simulated(what)
    raise unknown_property(name, entity_set.type_name)


def _row(company: Company, place: Place, *, name: str) -> dict[str, Any] | None:
    found = company.query(
        place.entity_set.name,
        where=place.where.sql,
        params=place.where.params,
        limit=1,
        columns=(name,) if name in place.entity_set.properties else (),
        with_collections=(name,) if name in place.entity_set.collections else (),
    )
    return found[0] if found else None


def _raw(property_: Property, value: object, request: Request) -> Reply:
    """Answer bare text; a null is not found."""
    if value is None:
        raise no_value(property_.name)
    printed = value_text(property_, value, request.version)
    plain = str(value) if property_.type == "Edm.String" else printed.strip('"')
    return plain_reply(plain, request)


def _parts_reply(company: Company, request: Request, place: Place, name: str) -> Reply:
    """Answer the rows of a collection, or an extension, under its own name.

    Clients of live systems read `Orders(1)/DocumentLines` so; one of them takes `value` as well.
    Guess: the name, and a context of the set with the property behind it.
    """
    row = _row(company, place, name=name)
    if row is None:
        raise no_matching_record()
    version, entity_set = request.version, place.entity_set
    context = f"{request.context}{entity_set.name}{version.element}/{name}"
    shown = plan_of(entity_set, version, 0, (name,)).members(row)
    members = [f"{quoted(version.context)} : {quoted(context)}", *shown]
    return json_reply(HTTPStatus.OK, enclosed("{", members, "}", 0) + "\n", version)
