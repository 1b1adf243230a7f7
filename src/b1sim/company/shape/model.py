"""The entity sets of the company: properties, enums and collections, and the SAP column of each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from b1sim.company.shape import areas
from b1sim.company.shape.area import Shelf

_FACTS: dict[str, Any] = json.loads(
    resources.files("b1sim.company.shape").joinpath("entities.json").read_text(encoding="utf-8")
)
_FACTS["sets"] |= areas.OWN_SETS
_FACTS["types"] |= areas.OWN_TYPES
_COMPLEX = ("AddressExtension", "TaxExtension")


@dataclass(frozen=True)
class UserRules:
    """What a user-defined field asks of its values (sap-service-layer.md 5.3)."""

    allowed: frozenset[str] = frozenset()
    """Empty: any value."""
    default: str | None = None
    mandatory: bool = False
    linked: str = ""
    """The user table, such as `@X`, whose codes are its values."""


@dataclass(frozen=True)
class Property:
    """One property: its name on the wire and the column that keeps it (None: the row's Extra)."""

    name: str
    type: str
    column: str | None = None
    enum: Mapping[str, str] | None = None
    read_only: bool = False
    max_length: int | None = None
    v2_name: str = ""
    complex: tuple["Property", ...] = ()
    """The properties inside, when the type is an extension such as AddressExtension."""
    user: "UserRules | None" = None
    """What the company demands of a field of its own."""

    @property
    def sql(self) -> str:
        """Name the value in a WHERE or ORDER BY over the property's own table."""
        return f'"{self.column}"' if self.column else f"json_extract(Extra, '$.{self.name}')"


@dataclass(frozen=True, eq=False)
class Collection:
    """Rows that hang on an entity or on another row."""

    name: str
    type_name: str
    table: str
    properties: Mapping[str, Property]
    row_key: str
    link: tuple[tuple[str, str], ...]
    """Pairs of own column and parent's column."""
    fixed: tuple[tuple[str, int], ...] = ()
    """Own columns with one value, where several parents share a table."""
    collections: Mapping[str, "Collection"] = field(default_factory=dict)
    unsimulated: frozenset[str] = frozenset()

    @property
    def row_column(self) -> str:
        """Name the column of the row key, which need not be shown."""
        shown = self.properties.get(self.row_key)
        return (shown and shown.column) or self.row_key


@dataclass(frozen=True, eq=False)
class EntitySet:
    """One entity set and what it can do."""

    name: str
    type_name: str
    table: str
    key: tuple[str, ...]
    properties: Mapping[str, Property]
    collections: Mapping[str, Collection]
    has_etag: bool
    actions: tuple[str, ...]
    deletable: bool
    unsimulated: frozenset[str] = frozenset()
    """Names SAP has and b1sim does not keep: sending or selecting them is refused with 501."""

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Name the columns of the key."""
        return tuple(self.properties[name].column or name for name in self.key)


def _enum_of(type_name: str) -> Mapping[str, str] | None:
    codes = _FACTS["enums"].get(type_name)
    if codes is None:
        return None
    return {member: code or member for member, code in codes.items()}


def _columns_of(type_name: str) -> dict[str, str]:
    pairs = (word.partition(":") for word in areas.COLUMNS.get(type_name, "").split())
    return {name: column or name for name, _, column in pairs}


def _properties_of(type_name: str) -> Mapping[str, Property]:
    columns = _columns_of(type_name)
    return {
        name: _property(type_name, name, kind, columns.get(name))
        for name, kind in _FACTS["types"][type_name].items()
        if _is_simple(kind) or kind in _COMPLEX
    }


def _property(type_name: str, name: str, kind: str, column: str | None) -> Property:
    return Property(
        name=name,
        type=kind,
        column=column,
        enum=_enum_of(kind),
        read_only=name in areas.READ_ONLY.get(type_name, frozenset()),
        max_length=areas.MAX_LENGTHS.get(type_name, {}).get(name),
        # Version 2 renames a property that equals its type (sap-service-layer.md 1.1).
        v2_name=f"{name}Property" if name == type_name else name,
        complex=tuple(_properties_of(kind).values()) if kind in _COMPLEX else (),
    )


def _is_simple(kind: str) -> bool:
    return kind.startswith("Edm.") or kind in _FACTS["enums"]


def _unsimulated(type_name: str, kept: dict[str, Any]) -> frozenset[str]:
    properties = _FACTS["types"][type_name].items()
    left = {n for n, kind in properties if not _is_simple(kind) and kind not in _COMPLEX}
    return frozenset(left - kept.keys())


def _collection(parent_type: str, name: str, shelf: Shelf) -> Collection:
    type_name = _FACTS["types"][parent_type][name].removeprefix("Collection(").removesuffix(")")
    inner = {
        inner_name: _collection(type_name, inner_name, inner_shelf)
        for inner_name, inner_shelf in shelf.inner.items()
    }
    return Collection(
        name=name,
        type_name=type_name,
        table=shelf.table,
        properties=_properties_of(type_name),
        row_key=shelf.row_key,
        link=shelf.link,
        fixed=shelf.fixed,
        collections=inner,
        unsimulated=_unsimulated(type_name, inner),
    )


def _entity_set(name: str, facts: dict[str, Any]) -> EntitySet:
    collections = {
        collection: _collection(facts["type"], collection, shelf)
        for collection, shelf in areas.SHELVES.get(name, {}).items()
    }
    return EntitySet(
        name=name,
        type_name=facts["type"],
        table=areas.TABLES[name],
        key=tuple(facts["key"]),
        properties=_properties_of(facts["type"]),
        collections=collections,
        has_etag=facts["etag"],
        actions=areas.ACTIONS.get(name, ()),
        deletable=facts["deletable"],
        unsimulated=_unsimulated(facts["type"], collections),
    )


ENTITY_SETS: dict[str, EntitySet] = {
    name: _entity_set(name, _FACTS["sets"][name]) for name in areas.TABLES
}
ENUMS: dict[str, Mapping[str, str]] = {
    name: found for name in _FACTS["enums"] if (found := _enum_of(name)) is not None
}
