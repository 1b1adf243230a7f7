"""Writes `$metadata` of the views: OData 4 for the semantic layer, 3 for `view.svc` of v1 (4.4)."""

from collections.abc import Iterator
from http import HTTPStatus
from xml.etree.ElementTree import Element

from b1sim.company.company import Company
from b1sim.odata.edmx import odata3, odata4
from b1sim.odata.edmx.model import NAMESPACE
from b1sim.odata.edmx.xml import node
from b1sim.odata.reply import Reply
from b1sim.odata.request import Request
from b1sim.odata.views.defined import KEY, View, source_of

_CONTAINERS = {True: "SemanticLayer", False: "B1SView"}


def metadata_reply(company: Company, request: Request, views: list[View]) -> Reply:
    """Answer the document of one view service."""
    semantic = request.version.root.endswith("sml.svc")
    types = [made for view in views for made in _types(company, view)]
    sets = [made for view in views for made in _sets(view)]
    container = node("EntityContainer", sets, Name=_CONTAINERS[semantic])
    wrap = odata3.wrapped if request.version.number == 1 else odata4.wrapped
    headers = [("Content-Type", "application/xml;charset=utf-8"), request.version.header]
    return Reply(HTTPStatus.OK, wrap([*types, container]).encode(), headers)


def _types(company: Company, view: View) -> Iterator[Element]:
    source = source_of(company, view, {})
    properties = [
        node("Property", Name=p.name, Nullable="false" if p.name == KEY else "true", Type=p.type)
        for p in source.shape.properties.values()
    ]
    yield node("EntityType", [_key([KEY]), *properties], Name=view.name)
    if view.parameters:
        yield _parameter_type(view)


def _parameter_type(view: View) -> Element:
    """Describe the parameters as an entity that leads to the rows."""
    properties = [
        node("Property", Name=name, Nullable="false", Type="Edm.String") for name in view.parameters
    ]
    way = node(
        "NavigationProperty",
        Name=view.name,
        Partner=f"{view.name}Parameters",
        Type=f"Collection({NAMESPACE}.{view.name})",
    )
    return node(
        "EntityType", [_key(list(view.parameters)), *properties, way], Name=f"{view.name}Parameter"
    )


def _key(names: list[str]) -> Element:
    return node("Key", [node("PropertyRef", Name=name) for name in names])


def _sets(view: View) -> Iterator[Element]:
    yield node("EntitySet", EntityType=f"{NAMESPACE}.{view.name}", Name=view.name)
    if view.parameters:
        binding = node("NavigationPropertyBinding", Path=view.name, Target=view.name)
        kind = f"{NAMESPACE}.{view.name}Parameter"
        yield node("EntitySet", [binding], EntityType=kind, Name=f"{view.name}Parameters")
