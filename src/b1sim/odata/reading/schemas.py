"""Trims what entities show to a user-defined schema, asked for by the header B1S-Schema (4.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from b1sim.company.shape.model import Collection, EntitySet, Property
from b1sim.odata.refusing import bad_request
from b1sim.odata.request import Request

Types = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Schema:
    """One schema file: by type, the properties to show; a type it does not name shows whole."""

    name: str
    types: tuple[tuple[str, tuple[str, ...]], ...]

    def shows(self, type_name: str, name: str) -> bool:
        """Tell whether a property of a type is shown."""
        return all(name in names for kind, names in self.types if kind == type_name)


def schema_of(request: Request, known: Mapping[str, Types]) -> Schema | None:
    """Find the schema that a request asks for; the refusal of an unknown one is a guess."""
    name = request.headers.get("b1s-schema", "").strip()
    if not name:
        return None
    if name not in known:
        msg = f"Cannot find the schema file '{name}'"
        raise bad_request(msg)
    return Schema(name, tuple((kind, tuple(names)) for kind, names in known[name].items()))


# The set is kept beside what was made of it, so that its id stays its own.
_TRIMMED: dict[tuple[int, Schema], tuple[EntitySet, EntitySet]] = {}
_MOST = 64


def trimmed(entity_set: EntitySet, schema: Schema) -> EntitySet:
    """Leave only what the schema shows; the same object each time, so that it is planned once."""
    key = (id(entity_set), schema)
    if key not in _TRIMMED:
        if len(_TRIMMED) >= _MOST:
            _TRIMMED.clear()
        _TRIMMED[key] = entity_set, _entity_set(entity_set, schema)
    return _TRIMMED[key][1]


def _entity_set(entity_set: EntitySet, schema: Schema) -> EntitySet:
    properties = _properties(entity_set, schema)
    return replace(entity_set, properties=properties, collections=_collections(entity_set, schema))


def _properties(shape: EntitySet | Collection, schema: Schema) -> Mapping[str, Property]:
    kept = shape.properties.items()
    return MappingProxyType({n: p for n, p in kept if schema.shows(shape.type_name, n)})


def _collections(shape: EntitySet | Collection, schema: Schema) -> Mapping[str, Collection]:
    return MappingProxyType(
        {
            name: replace(
                rows,
                properties=_properties(rows, schema),
                collections=_collections(rows, schema),
            )
            for name, rows in shape.collections.items()
            if schema.shows(shape.type_name, name)
        }
    )
