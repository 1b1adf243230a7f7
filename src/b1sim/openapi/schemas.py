"""Turns entity types, rows, enums and errors into JSON schemas of one version."""

from collections.abc import Mapping
from typing import Any

from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.edmx.model import Complex, Enum, Model, bare, properties_of, rows_of
from b1sim.odata.versions import Version

Schema = dict[str, Any]
_WHOLE = {"type": ["integer", "null"], "minimum": -(2**31), "maximum": 2**31 - 1}
_SIMPLE: Mapping[str, Schema] = {
    "Edm.String": {"type": ["string", "null"]},
    "Edm.Int32": _WHOLE,
    "Edm.Int16": _WHOLE,
    "Edm.Int64": {"type": ["integer", "null"]},
    "Edm.Double": {"type": ["number", "null"]},
    "Edm.Decimal": {"type": ["number", "null"]},
    "Edm.Boolean": {"type": ["boolean", "null"]},
    "Edm.Time": {"type": ["string", "null"], "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"},
}
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"


def schemas_of(model: Model, version: Version) -> dict[str, Schema]:
    """Name a schema for every type of the model and for the error of the version."""
    shapes: list[EntitySet | Complex] = [*model.entities.values(), *model.complexes.values()]
    found = {_name(shape): _object(shape, version, model) for shape in shapes}
    found |= {enum.name: _enum(enum) for enum in model.enums.values()}
    return found | {"Error": _error(version)}


def schema_of(kind: str, version: Version, model: Model) -> Schema:
    """Describe a value of any type; a type that nothing is known of is anything."""
    if kind.startswith("Collection("):
        return {"type": "array", "items": schema_of(bare(kind), version, model)}
    if kind == "Edm.DateTime":
        tail = "T00:00:00Z" if version.number > 1 else ""
        return {"type": ["string", "null"], "pattern": f"^{_DAY}{tail}$"}
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    known = model.enums.keys() | model.entities.keys() | model.complexes.keys()
    return reference(bare(kind)) if bare(kind) in known else {}


def reference(name: str) -> Schema:
    """Point at a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _name(shape: EntitySet | Complex) -> str:
    return shape.name if isinstance(shape, Complex) else shape.type_name


def _object(shape: EntitySet | Complex, version: Version, model: Model) -> Schema:
    rows = shape.rows if isinstance(shape, Complex) else rows_of(shape)
    members = {_spelled(p, version): _property(p, version, model) for p in properties_of(shape)}
    members |= {name: {"type": "array", "items": reference(kind)} for name, kind in rows}
    return {"type": "object", "properties": members}


def _spelled(property_: Property, version: Version) -> str:
    return property_.v2_name if version.number > 1 else property_.name


def _property(property_: Property, version: Version, model: Model) -> Schema:
    found = schema_of(property_.type, version, model)
    if property_.read_only:
        found = found | {"readOnly": True}
    if property_.max_length is not None:
        found = found | {"maxLength": property_.max_length}
    return found


def _enum(enum: Enum) -> Schema:
    names = [name for name, _, _ in enum.members]
    return {"type": ["string", "null"], "enum": [*names, None]}


def _error(version: Version) -> Schema:
    """Describe both shapes of an error: a 401 may have either in either version (3.1)."""
    nested = {
        "type": "object",
        "required": ["lang", "value"],
        "properties": {"lang": {"type": "string"}, "value": {"type": "string"}},
    }
    flat = {"type": "string"}
    code = {"type": ["string", "integer"]}
    message = {"oneOf": [flat, nested] if version.number > 1 else [nested, flat]}
    error = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {"code": code, "message": message},
    }
    return {"type": "object", "required": ["error"], "properties": {"error": error}}
