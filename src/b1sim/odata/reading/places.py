"""Where a path leads: a whole set, one entity, or what a navigation property leads to (4.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from b1sim.company.company import Company
from b1sim.company.shape.model import EntitySet
from b1sim.odata.keys import KeyPart, Segment
from b1sim.odata.reading.conditions import EVERYTHING, Where
from b1sim.odata.reading.navigation import Link, Sets, is_navigation, link_of
from b1sim.odata.reading.schemas import Schema, trimmed
from b1sim.odata.refusing import bad_request, no_matching_record, unrecognized

_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
Key = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """The entities of a set that a path names; `single` when it names one at most."""

    entity_set: EntitySet
    where: Where = EVERYTHING
    single: bool = False
    schema: Schema | None = None

    @property
    def shown(self) -> EntitySet:
        """Tell how its entities print: whole, or trimmed to a schema."""
        return self.entity_set if self.schema is None else trimmed(self.entity_set, self.schema)


def follow(company: Company, sets: Sets, segments: Sequence[Segment]) -> tuple[Place, list[str]]:
    """Go along a path as far as it navigates; return what is left of it, such as a property."""
    head, *rest = segments
    place = _enter(company, Place(sets[head.name]), head)
    while rest and is_navigation(place.entity_set, rest[0].name):
        step = rest.pop(0)
        place = _enter(company, _across(company, sets, place, step.name), step)
    return place, [segment.name for segment in rest]


def _enter(company: Company, place: Place, segment: Segment) -> Place:
    """Narrow a place to the key in the segment's parentheses."""
    if segment.key is None:
        return place
    if place.single:
        raise unrecognized(segment.name)
    key = key_of(place.entity_set, segment.key)
    where = place.where.also(key_where(company, place.entity_set, key))
    return Place(place.entity_set, where, single=True)


def _across(company: Company, sets: Sets, place: Place, name: str) -> Place:
    """Go over a navigation property; one from a whole set is refused (guess: text, 404)."""
    if not place.single:
        path = f"{place.entity_set.name}/{name}"
        raise unrecognized(path)
    link = link_of(sets, place.entity_set, name)
    where = Where(f"{link.other.sql} = ?", (_value(company, place, link),))
    return Place(link.target, where, single=not link.many)


def _value(company: Company, place: Place, link: Link) -> Any:
    """Read the value that leads on; a null leads to nothing, which is not found (guess)."""
    found = company.query(
        place.entity_set.name,
        where=place.where.sql,
        params=place.where.params,
        limit=1,
        columns=(link.own.name,),
        with_collections=(),
    )
    if not found:
        raise no_matching_record()
    return found[0].get(link.own.name)


def key_where(company: Company, entity_set: EntitySet, key: Key) -> Where:
    """Find one entity by its key, as this company's database compares."""
    collation = "" if company.settings.case_sensitive else " COLLATE NOCASE"
    sql = " AND ".join(f'"{column}" = ?{collation}' for column in entity_set.key_columns)
    return Where(sql, tuple(key[name] for name in entity_set.key))


def key_of(entity_set: EntitySet, parts: tuple[KeyPart, ...]) -> Key:
    """Name and type the parts of a key; refuse what is no key of this set."""
    names = [part.name or name for part, name in zip(parts, entity_set.key, strict=False)]
    if len(parts) != len(entity_set.key) or sorted(names) != sorted(entity_set.key):
        msg = f"Query string error: {entity_set.name} has the key {', '.join(entity_set.key)}"
        raise bad_request(msg)
    return {n: _typed(entity_set, n, part) for n, part in zip(names, parts, strict=True)}


def _typed(entity_set: EntitySet, name: str, part: KeyPart) -> str | int:
    """Read one part; a key that is an enum takes the name or the stored letter."""
    kind = entity_set.properties[name]
    if kind.enum is not None:
        return kind.enum.get(part.text, part.text)
    if kind.type == "Edm.String":
        if part.quoted:
            return part.text
    elif not part.quoted and _WHOLE.fullmatch(part.text):
        return int(part.text)
    msg = f"Query string error: '{part.text}' is no value of the key {name}"
    raise bad_request(msg)
