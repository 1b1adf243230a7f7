"""Writes `$metadata` of version 2: OData 4, with bindings, actions and functions (1, 1.1)."""

from collections.abc import Iterable

from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.edmx.model import (
    NAMESPACE,
    OPEN,
    Complex,
    Enum,
    Model,
    Operation,
    qualified,
    rows_of,
)
from b1sim.odata.edmx.xml import Node, document, node
from b1sim.odata.reading.navigation import Link, links

_TYPES = {"Edm.DateTime": "Edm.DateTimeOffset", "Edm.Time": "Edm.TimeOfDay"}
_ETAG = "Org.OData.Core.V1.OptimisticConcurrency"


def metadata(model: Model) -> str:
    """Write the whole document."""
    sets = [entity_set(model, found) for found in model.sets.values()]
    imports = [_import(found) for found in model.operations if not found.bound]
    return wrapped(
        [
            *map(enum, model.enums.values()),
            *map(complex_type, model.complexes.values()),
            *(entity_type(model, found) for found in model.entities.values()),
            *map(_operation, model.operations),
            node("EntityContainer", [*sets, *imports], Name="ServiceLayer"),
        ]
    )


def wrapped(children: Iterable[Node], references: Iterable[Node] = ()) -> str:
    """Put a schema into its document."""
    schema = node(
        "Schema", children, Namespace=NAMESPACE, xmlns="http://docs.oasis-open.org/odata/ns/edm"
    )
    return document(
        node(
            "edmx:Edmx",
            [*references, node("edmx:DataServices", [schema])],
            Version="4.0",
            xmlns_edmx="http://docs.oasis-open.org/odata/ns/edmx",
        )
    )


def enum(found: Enum) -> Node:
    """Describe an enum: members with their ordinals."""
    members = (node("Member", Name=name, Value=str(number)) for name, number, _ in found.members)
    return node("EnumType", members, IsFlags="false", Name=found.name, UnderlyingType="Edm.Int32")


def complex_type(found: Complex) -> Node:
    """Describe the rows of a collection, an extension or what a service takes."""
    members = [property_(p) for p in found.properties]
    members += [_rows(name, kind) for name, kind in found.rows]
    return node("ComplexType", members, Name=found.name, OpenType=truth(found.is_open))


def entity_type(model: Model, found: EntitySet) -> Node:
    """Describe an entity with the ways that lead from it."""
    key = node("Key", (node("PropertyRef", Name=name) for name in _key_names(found)))
    members = [property_(p, key=p.name in found.key) for p in found.properties.values()]
    members += [_rows(name, kind) for name, kind in rows_of(found)]
    ways = [_navigation(owner, link) for owner, link in model.links(found.type_name)]
    return node(
        "EntityType",
        [key, *members, *ways],
        Name=found.type_name,
        OpenType=truth(found.type_name in OPEN),
    )


def _key_names(found: EntitySet) -> list[str]:
    return [found.properties[name].v2_name for name in found.key]


def truth(holds: bool) -> str | None:  # noqa: FBT001 - it is what the function is about
    """Write an attribute that is left out where it is false."""
    return "true" if holds else None


def property_(found: Property, *, key: bool = False) -> Node:
    """Describe a property; the key is never null."""
    return node(
        "Property",
        Name=found.v2_name,
        Nullable="false" if key else None,
        Type=_TYPES.get(found.type) or qualified(found.type),
    )


def _rows(name: str, kind: str) -> Node:
    return node("Property", Name=name, Type=qualified(f"Collection({kind})"))


def _navigation(owner: EntitySet, link: Link) -> Node:
    kind = link.target.type_name
    constraint = node(
        "ReferentialConstraint",
        Property=link.own.v2_name,
        ReferencedProperty=link.other.v2_name,
    )
    # A partner leads back to one set; a type that several sets share has one name for each.
    partner = link.partner if link.many or owner.type_name != "Document" else None
    return node(
        "NavigationProperty",
        () if link.many else (constraint,),
        Name=link.name,
        Partner=partner or None,
        Type=qualified(f"Collection({kind})" if link.many else kind),
    )


def entity_set(model: Model, found: EntitySet) -> Node:
    """Describe a set: the ways from it, and the column that its tags come from (5.1)."""
    tag = node(
        "Annotation",
        [node("Collection", [_text("PropertyPath", "DataVersion")])],
        Term=_ETAG,
    )
    bindings = [
        node("NavigationPropertyBinding", Path=name, Target=link.target.name)
        for name, link in links(model.sets, found).items()
    ]
    children = [tag, *bindings] if found.has_etag else bindings
    return node("EntitySet", children, EntityType=f"{NAMESPACE}.{found.type_name}", Name=found.name)


def _text(tag: str, text: str) -> Node:
    made = node(tag)
    made.text = text
    return made


def _operation(found: Operation) -> Node:
    children = [node("Parameter", Name=n, Type=qualified(k)) for n, k in found.parameters]
    if found.returns:
        children.append(node("ReturnType", Type=qualified(found.returns)))
    tag = "Function" if found.function else "Action"
    return node(tag, children, IsBound=truth(found.bound), Name=found.name)


def _import(found: Operation) -> Node:
    kind = "Function" if found.function else "Action"
    return node(f"{kind}Import", (), **{kind: f"{NAMESPACE}.{found.name}"}, Name=found.name)
