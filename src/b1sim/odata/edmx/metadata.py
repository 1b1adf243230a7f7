"""Describes the entity sets as EDMX, for clients that read `$metadata` first (1)."""

from collections.abc import Iterator
from functools import lru_cache

from b1sim.company.shape.model import ENTITY_SETS, ENUMS, Collection, EntitySet, Property
from b1sim.odata.versions import Version

Shape = EntitySet | Collection
_SCHEMA = "SAPB1"
_OPENING = {
    1: '<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">'
    '<edmx:DataServices m:DataServiceVersion="3.0" '
    'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">'
    '<Schema Namespace="SAPB1" xmlns="http://schemas.microsoft.com/ado/2009/11/edm">',
    2: '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
    '<edmx:DataServices><Schema Namespace="SAPB1" '
    'xmlns="http://docs.oasis-open.org/odata/ns/edm">',
}
_CLOSING = "</Schema></edmx:DataServices></edmx:Edmx>"
_V2_TYPES = {"Edm.DateTime": "Edm.DateTimeOffset", "Edm.Time": "Edm.TimeOfDay"}


@lru_cache(maxsize=2)
def metadata_xml(version: Version) -> str:
    """Write the whole document of a version."""
    shapes = _shapes()
    pieces = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        _OPENING[version.number],
        *(_enum(name, version) for name in ENUMS),
        *_complex_types(shapes, version),
        *(_structure(shape, version) for shape in shapes.values()),
        *(_actions() if version.number > 1 else ()),
        _container(),
        _CLOSING,
    ]
    return "\n".join(pieces)


def _shapes() -> dict[str, Shape]:
    """Collect every type once: entities first, then the rows inside them."""
    shapes: dict[str, Shape] = {}
    for entity_set in ENTITY_SETS.values():
        shapes.setdefault(entity_set.type_name, entity_set)
    for entity_set in ENTITY_SETS.values():
        for row in _rows(entity_set):
            shapes.setdefault(row.type_name, row)
    return shapes


def _rows(shape: Shape) -> Iterator[Collection]:
    for collection in shape.collections.values():
        yield collection
        yield from _rows(collection)


def _enum(name: str, version: Version) -> str:
    values = [f' Value="{n}"' if version.number > 1 else "" for n in range(len(ENUMS[name]))]
    members = "".join(
        f'<Member Name="{member}"{value}/>'
        for member, value in zip(ENUMS[name], values, strict=True)
    )
    return f'<EnumType Name="{name}">{members}</EnumType>'


def _complex_types(shapes: dict[str, Shape], version: Version) -> list[str]:
    found = {p.type: p for shape in shapes.values() for p in shape.properties.values() if p.complex}
    return [
        f'<ComplexType Name="{name}">{"".join(_property(p, version) for p in holder.complex)}'
        "</ComplexType>"
        for name, holder in found.items()
    ]


def _structure(shape: Shape, version: Version) -> str:
    members = [_property(p, version) for p in shape.properties.values()]
    members += [
        f'<Property Name="{name}" Type="Collection({_SCHEMA}.{inner.type_name})"/>'
        for name, inner in shape.collections.items()
    ]
    if isinstance(shape, Collection):
        return f'<ComplexType Name="{shape.type_name}">{"".join(members)}</ComplexType>'
    key = "".join(f'<PropertyRef Name="{name}"/>' for name in shape.key)
    return f'<EntityType Name="{shape.type_name}"><Key>{key}</Key>{"".join(members)}</EntityType>'


def _property(property_: Property, version: Version) -> str:
    name = property_.v2_name if version.number > 1 else property_.name
    kind = property_.type
    if not kind.startswith("Edm."):
        kind = f"{_SCHEMA}.{kind}"
    elif version.number > 1:
        kind = _V2_TYPES.get(kind, kind)
    return f'<Property Name="{name}" Type="{kind}"/>'


def _actions() -> list[str]:
    pairs = {(s.type_name, action) for s in ENTITY_SETS.values() for action in s.actions}
    return [
        f'<Action Name="{action}" IsBound="true">'
        f'<Parameter Name="{name}" Type="{_SCHEMA}.{name}"/></Action>'
        for name, action in sorted(pairs)
    ]


def _container() -> str:
    sets = "".join(
        f'<EntitySet Name="{s.name}" EntityType="{_SCHEMA}.{s.type_name}"/>'
        for s in ENTITY_SETS.values()
    )
    return f'<EntityContainer Name="ServiceLayer">{sets}</EntityContainer>'
