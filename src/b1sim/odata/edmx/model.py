"""What `$metadata` describes, apart from how a version writes it: types, links, operations."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from b1sim.company.shape.model import ENUMS, Collection, EntitySet, Property
from b1sim.odata.reading.navigation import Link, Sets, links

_FACTS: dict[str, Any] = json.loads(
    resources.files("b1sim.odata.edmx").joinpath("facts.json").read_text(encoding="utf-8")
)
OPEN: frozenset[str] = frozenset(_FACTS["open"])
NAMESPACE = "SAPB1"
# The rows of a stored query have the columns of its text, so this type has few of its own (4.3).
_RESULT = "SQLQueryResult"


@dataclass(frozen=True)
class Enum:
    """An enum: members with the number that version 2 gives and the letter that is stored."""

    name: str
    members: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True)
class Complex:
    """A complex type; `rows` are its collections, name and type of the rows."""

    name: str
    properties: tuple[Property, ...]
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether instances may have more than is declared; true where nothing is."""
        return self.name in OPEN or not self.properties


Shape = EntitySet | Complex


@dataclass(frozen=True)
class Operation:
    """An action or a function, bound to a type or a service of its own."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    returns: str | None
    function: bool
    bound: bool


@dataclass(frozen=True)
class Model:
    """Everything that is described of one company."""

    sets: Sets
    entities: Mapping[str, EntitySet]
    """One set of each type; the sets of a type are alike."""
    complexes: Mapping[str, Complex]
    enums: Mapping[str, Enum]
    operations: tuple[Operation, ...]

    def links(self, type_name: str) -> list[tuple[EntitySet, Link]]:
        """Name the ways that lead from a type, each once, with a set that has it."""
        alike = [found for found in self.sets.values() if found.type_name == type_name]
        ways = {n: (found, link) for found in alike for n, link in links(self.sets, found).items()}
        return [ways[name] for name in sorted(ways)]


def model_of(sets: Sets, services: frozenset[str]) -> Model:
    """Describe these sets and these services."""
    entities: dict[str, EntitySet] = {}
    for found in sets.values():
        entities.setdefault(found.type_name, found)
    complexes = {
        found.name: found for found in _complexes(entities.values()) if found.name not in entities
    }
    operations = (*_bound(sets), *_services(services))
    for name in sorted(_mentioned(operations) - entities.keys() - complexes.keys()):
        complexes[name] = Complex(name, ())
    shapes: list[Shape] = [*entities.values(), *complexes.values()]
    return Model(sets, entities, complexes, dict(_enums(shapes)), operations)


def _complexes(shapes: Any) -> Iterator[Complex]:
    for shape in shapes:
        yield from _inside(shape)


def _inside(shape: EntitySet | Collection) -> Iterator[Complex]:
    for found in shape.properties.values():
        if found.complex:
            yield Complex(found.type, found.complex)
    for rows in shape.collections.values():
        yield Complex(rows.type_name, tuple(rows.properties.values()), _row_types(rows))
        yield from _inside(rows)


def _row_types(shape: EntitySet | Collection) -> tuple[tuple[str, str], ...]:
    return tuple((name, rows.type_name) for name, rows in shape.collections.items())


def rows_of(entity_set: EntitySet) -> tuple[tuple[str, str], ...]:
    """Name the collections of an entity and the type of their rows."""
    return _row_types(entity_set)


def _enums(shapes: list[Shape]) -> Iterator[tuple[str, Enum]]:
    kinds = {found.type for shape in shapes for found in properties_of(shape)}
    for name in sorted(kinds & ENUMS.keys()):
        letters = ENUMS[name]
        numbers = _FACTS["numbers"].get(name, range(len(letters)))
        rows = zip(letters, numbers, letters.values(), strict=True)
        yield name, Enum(name, tuple(rows))


def properties_of(shape: Shape) -> tuple[Property, ...]:
    """Name the simple and the complex properties of either kind of type."""
    kept = shape.properties
    return kept if isinstance(kept, tuple) else tuple(kept.values())


def _bound(sets: Sets) -> Iterator[Operation]:
    """Name the bound operations that b1sim offers; SQLQuery's List is one wherever it is kept."""
    offered = {(found.type_name, action) for found in sets.values() for action in found.actions}
    if "SQLQueries" in sets:
        offered.add(("SQLQuery", "List"))
    for type_name, action in sorted(offered):
        known = {found["name"]: found for found in _FACTS["bound"].get(type_name, ())}
        facts = known.get(action, {})
        parameters = [(type_name, type_name), *map(tuple, facts.get("params", ()))]
        yield Operation(
            action,
            tuple(parameters),
            facts.get("returns"),
            facts.get("function", False),
            bound=True,
        )


def _services(names: frozenset[str]) -> Iterator[Operation]:
    for name in sorted(names):
        facts = _FACTS["services"].get(name, {})
        parameters = tuple(facts.get("params", {}).items())
        yield Operation(
            name, parameters, facts.get("returns"), facts.get("function", False), bound=False
        )


def _mentioned(operations: tuple[Operation, ...]) -> set[str]:
    """Name the types that only operations speak of."""
    kinds = {kind for found in operations for _, kind in found.parameters}
    kinds |= {found.returns for found in operations if found.returns}
    return {bare(kind) for kind in kinds if not bare(kind).startswith("Edm.")} | {_RESULT}


def bare(kind: str) -> str:
    """Name the type alone, without its collection and its namespace."""
    inner = kind.removeprefix("Collection(").removesuffix(")")
    return inner.removeprefix(f"{NAMESPACE}.")


def qualified(kind: str) -> str:
    """Name a type with its namespace."""
    name = bare(kind)
    full = name if name.startswith("Edm.") else f"{NAMESPACE}.{name}"
    return f"Collection({full})" if kind.startswith("Collection(") else full
