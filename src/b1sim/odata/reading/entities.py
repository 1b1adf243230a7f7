"""Prints rows as entities of one version (sap-service-layer.md 1.1, 15), by plans made once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from b1sim.company.shape.model import Collection, EntitySet, Property
from b1sim.odata.json_text import enclosed, number, own_line, quoted, text_of
from b1sim.odata.versions import Version

Row = Mapping[str, Any]
Print = Callable[[Any], str]


@dataclass(frozen=True)
class Plan:
    """How one kind of row is printed at one depth of tabs."""

    depth: int
    simple: tuple[tuple[str, str, str, Print], ...]
    """Name, what stands before its value, the whole member when null, and the value's printer."""
    complex: tuple[tuple[str, str, "Plan"], ...]
    collections: tuple[tuple[str, str, "Plan"], ...]

    def members(self, row: Row) -> list[str]:
        """Print `"Name" : value` for every member, in the order of the metadata."""
        get = row.get
        members = [
            null if (value := get(name)) is None else head + show(value)
            for name, head, null, show in self.simple
        ]
        members += [head + plan.rows(get(name) or ()) for name, head, plan in self.collections]
        members += [head + plan.own(get(name) or {}) for name, head, plan in self.complex]
        return members

    def rows(self, rows: Iterable[Row]) -> str:
        """Print a collection that starts on its own line, one tab above this plan's rows."""
        printed = [enclosed("{", self.members(row), "}", self.depth) for row in rows]
        listed = enclosed("[", printed, "]", self.depth - 1)
        return own_line(listed, self.depth - 1) if printed else listed

    def own(self, row: Row) -> str:
        """Print one complex value on its own line."""
        return own_line(enclosed("{", self.members(row), "}", self.depth), self.depth)


_Key = tuple[int, int, int, tuple[str, ...] | None]
# The set is kept beside its plan, so that its id stays its own.
_PLANS: dict[_Key, tuple[EntitySet, Plan]] = {}
_MOST_PLANS = 512


def plan_of(
    entity_set: EntitySet, version: Version, depth: int, select: tuple[str, ...] | None
) -> Plan:
    """Plan the entities of a set; `select` None means everything."""
    key = (id(entity_set), version.number, depth, select)
    if key not in _PLANS:
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        _PLANS[key] = entity_set, _plan(entity_set, version, depth, select)
    return _PLANS[key][1]


def _plan(
    shape: EntitySet | Collection, version: Version, depth: int, select: tuple[str, ...] | None
) -> Plan:
    def chosen(name: str) -> bool:
        return select is None or name in select

    properties = [p for p in shape.properties.values() if chosen(p.name)]
    return Plan(
        depth=depth,
        simple=tuple(_simple(p, version) for p in properties if not p.complex),
        complex=tuple(
            (p.name, _head(p, version), _complex_plan(p, version, depth + 1))
            for p in properties
            if p.complex
        ),
        collections=tuple(
            (name, f"{quoted(name)} : ", _plan(inner, version, depth + 2, None))
            for name, inner in shape.collections.items()
            if chosen(name)
        ),
    )


def _complex_plan(property_: Property, version: Version, depth: int) -> Plan:
    return Plan(depth, tuple(_simple(p, version) for p in property_.complex), (), ())


def _simple(property_: Property, version: Version) -> tuple[str, str, str, Print]:
    head = _head(property_, version)
    return property_.name, head, f"{head}null", _printer(property_.type, version)


def _head(property_: Property, version: Version) -> str:
    name = property_.v2_name if version.number > 1 else property_.name
    return f"{quoted(name)} : "


def _printer(type_name: str, version: Version) -> Print:
    if type_name == "Edm.DateTime":
        return _day_v2 if version.number > 1 else _day_v1
    return _PRINTERS.get(type_name, text_of)


def _day_v1(value: date) -> str:
    return f'"{value.isoformat()[:10]}"'


def _day_v2(value: date) -> str:
    return f'"{value.isoformat()[:10]}T00:00:00Z"'


def _clock(value: time) -> str:
    return f'"{value.isoformat("seconds")}"'


def _string(value: object) -> str:
    return quoted(str(value))


_PRINTERS: dict[str, Print] = {
    "Edm.String": _string,
    "Edm.Double": number,
    "Edm.Decimal": number,
    "Edm.Int32": str,
    "Edm.Time": _clock,
}


def value_text(property_: Property, value: object, version: Version) -> str:
    """Print one property alone, as JSON."""
    return "null" if value is None else _printer(property_.type, version)(value)
