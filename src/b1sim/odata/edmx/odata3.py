"""Writes `$metadata` of version 1: OData 3, with associations and function imports (1, 1.1)."""

from collections.abc import Iterator

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
from b1sim.odata.edmx.odata4 import truth
from b1sim.odata.edmx.xml import Node, document, node
from b1sim.odata.reading.navigation import Link, links


def metadata(model: Model) -> str:
    """Write the whole document."""
    children = [
        *map(_enum, model.enums.values()),
        *map(_complex, model.complexes.values()),
        *(_entity_type(model, found) for found in model.entities.values()),
        *_associations(model),
        _container(model),
    ]
    return wrapped(children)


def wrapped(children: list[Node]) -> str:
    """Put a schema into its document."""
    schema = node(
        "Schema",
        children,
        Namespace=NAMESPACE,
        xmlns="http://schemas.microsoft.com/ado/2009/11/edm",
    )
    services = node(
        "edmx:DataServices",
        [schema],
        m_DataServiceVersion="3.0",
        m_MaxDataServiceVersion="3.0",
        xmlns_m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata",
    )
    return document(
        node(
            "edmx:Edmx",
            [services],
            Version="1.0",
            xmlns_edmx="http://schemas.microsoft.com/ado/2007/06/edmx",
        )
    )


def _enum(found: Enum) -> Node:
    """Describe an enum; the letters that a release of 2018 gave as values are gone (1.1)."""
    members = (node("Member", Name=name) for name, _, _ in found.members)
    return node("EnumType", members, Name=found.name)


def _complex(found: Complex) -> Node:
    members = [_property(p) for p in found.properties]
    members += [_rows(name, kind) for name, kind in found.rows]
    return node("ComplexType", members, Name=found.name, OpenType=truth(found.is_open))


def _entity_type(model: Model, found: EntitySet) -> Node:
    key = node("Key", (node("PropertyRef", Name=name) for name in found.key))
    members = [_property(p, owner=found) for p in found.properties.values()]
    members += [_rows(name, kind) for name, kind in rows_of(found)]
    ways = [_navigation(model, owner, link) for owner, link in model.links(found.type_name)]
    return node(
        "EntityType",
        [key, *members, *ways],
        Name=found.type_name,
        OpenType=truth(found.type_name in OPEN),
    )


def _property(found: Property, owner: EntitySet | None = None) -> Node:
    """Describe a property; the one that tags come from is fixed for concurrency (5.1)."""
    tags = owner is not None and owner.has_etag and found.name == "DataVersion"
    return node(
        "Property",
        ConcurrencyMode="Fixed" if tags else None,
        Name=found.name,
        Nullable="false" if owner is not None and found.name in owner.key else None,
        Type=qualified(found.type),
    )


def _rows(name: str, kind: str) -> Node:
    return node("Property", Name=name, Type=qualified(f"Collection({kind})"))


def _role(model: Model, type_name: str) -> str:
    """Name the end of an association: the set, or `Documents` where several sets share a type."""
    alike = [found.name for found in model.sets.values() if found.type_name == type_name]
    return f"{type_name}s" if type_name in _SHARED else alike[0]


_SHARED = frozenset({"Document", "Payment", "StockTransfer"})


def _ends(owner: EntitySet, link: Link) -> tuple[EntitySet, EntitySet]:
    """Name the dependent end, which holds the key, and the principal one."""
    return (link.target, owner) if link.many else (owner, link.target)


def _association_name(model: Model, owner: EntitySet, link: Link) -> str:
    dependent, principal = (_role(model, end.type_name) for end in _ends(owner, link))
    return f"FK_{dependent}_{principal}"


def _navigation(model: Model, owner: EntitySet, link: Link) -> Node:
    return node(
        "NavigationProperty",
        FromRole=_role(model, owner.type_name),
        Name=link.name,
        Relationship=f"{NAMESPACE}.{_association_name(model, owner, link)}",
        ToRole=_role(model, link.target.type_name),
    )


def _associations(model: Model) -> Iterator[Node]:
    """Describe each association once; it is known from both of its ends."""
    found: dict[str, Node] = {}
    for type_name in model.entities:
        for owner, link in model.links(type_name):
            name = _association_name(model, owner, link)
            found.setdefault(name, _association(model, name, owner, link))
    yield from found.values()


def _association(model: Model, name: str, owner: EntitySet, link: Link) -> Node:
    dependent, principal = _ends(owner, link)
    held, key = (link.other, link.own) if link.many else (link.own, link.other)
    return node(
        "Association",
        [
            _end(model, principal, "0..1"),
            _end(model, dependent, "*"),
            node(
                "ReferentialConstraint",
                [
                    _side(model, "Principal", principal, key),
                    _side(model, "Dependent", dependent, held),
                ],
            ),
        ],
        Name=name,
    )


def _end(model: Model, found: EntitySet, multiplicity: str) -> Node:
    return node(
        "End",
        Multiplicity=multiplicity,
        Role=_role(model, found.type_name),
        Type=f"{NAMESPACE}.{found.type_name}",
    )


def _side(model: Model, tag: str, found: EntitySet, held: Property) -> Node:
    return node(tag, [node("PropertyRef", Name=held.name)], Role=_role(model, found.type_name))


def _container(model: Model) -> Node:
    sets = [
        node("EntitySet", EntityType=f"{NAMESPACE}.{found.type_name}", Name=found.name)
        for found in model.sets.values()
    ]
    children = [*sets, *map(_function, model.operations), *_association_sets(model)]
    return node("EntityContainer", children, Name="ServiceLayer")


def _function(found: Operation) -> Node:
    return node(
        "FunctionImport",
        (node("Parameter", Name=n, Type=qualified(k)) for n, k in found.parameters),
        IsBindable=truth(found.bound),
        Name=found.name,
        ReturnType=qualified(found.returns) if found.returns else None,
        m_HttpMethod="GET" if found.function else "POST",
    )


def _association_sets(model: Model) -> Iterator[Node]:
    found: dict[str, Node] = {}
    for owner in model.sets.values():
        for link in links(model.sets, owner).values():
            dependent, principal = _ends(owner, link)
            name = f"FK_{dependent.name}_{principal.name}"
            found.setdefault(name, _association_set(model, name, owner, link))
    yield from found.values()


def _association_set(model: Model, name: str, owner: EntitySet, link: Link) -> Node:
    ends = [
        node("End", EntitySet=end.name, Role=_role(model, end.type_name))
        for end in _ends(owner, link)
    ]
    association = f"{NAMESPACE}.{_association_name(model, owner, link)}"
    return node("AssociationSet", ends, Association=association, Name=name)
