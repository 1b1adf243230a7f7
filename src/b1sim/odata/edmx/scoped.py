"""Answers the `$metadata` questions of FP 2608: one set, the list of sets, the enums (1).

SAP documents scope, entityset, dependency and annotation with samples; what a wrong value of
theirs answers is a guess, and so are the labels: SAP's own are not public, so a name's words
stand for them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from b1sim.company.shape.model import EntitySet
from b1sim.odata.edmx import odata4
from b1sim.odata.edmx.model import (
    NAMESPACE,
    Complex,
    Enum,
    Model,
    Shape,
    bare,
    properties_of,
    rows_of,
)
from b1sim.odata.edmx.xml import node
from b1sim.odata.refusing import bad_request, unrecognized

_ANNOTATIONS = frozenset({"label", "labelWithTable", "labelWithField"})
_KNOWN = frozenset({"scope", "entityset", "dependency", "annotation"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_COMMON = "https://sap.github.io/odata-vocabularies/vocabularies/Common.xml"


@dataclass(frozen=True)
class _Asked:
    scope: str
    entity_set: str | None
    dependency: bool
    annotations: frozenset[str]

    @property
    def tables(self) -> bool:
        return "labelWithTable" in self.annotations

    @property
    def fields(self) -> bool:
        return "labelWithField" in self.annotations


def metadata(model: Model, pairs: list[tuple[str, str]]) -> str:
    """Write the part of the document that is asked for."""
    asked = _asked(pairs)
    reference = node(
        "edmx:Reference",
        [node("edmx:Include", Alias="Common", Namespace="Common")],
        Uri=_COMMON,
    )
    references = [reference] if asked.annotations else []
    return odata4.wrapped([*_terms(asked), *_children(model, asked)], references)


def _asked(pairs: list[tuple[str, str]]) -> _Asked:
    given = dict(pairs)
    annotations = {word for name, text in pairs if name == "annotation" for word in text.split(",")}
    wrong = (given.keys() - _KNOWN) | (annotations - _ANNOTATIONS)
    scope = given.get("scope", "entityset")
    if scope not in {"entityset", "enum"}:
        wrong.add(scope)
    if wrong:
        msg = f"Query string error: $metadata does not know '{min(wrong)}'"
        raise bad_request(msg)
    dependency = given.get("dependency") == "true"
    return _Asked(scope, given.get("entityset"), dependency, frozenset(annotations))


def _terms(asked: _Asked) -> Iterator[Element]:
    if asked.tables:
        yield node("Term", AppliesTo="EntitySet", Name="TableName", Type="Edm.String")
    if asked.fields:
        yield node("Term", AppliesTo="Property", Name="ColumnName", Type="Edm.String")
        yield node("Term", AppliesTo="Member", Name="ValidValue", Type="Edm.String")


def _children(model: Model, asked: _Asked) -> Iterator[Element]:
    if asked.scope == "enum":
        yield from (_enum(found, asked) for found in model.enums.values())
        return
    if asked.entity_set is None:
        yield _container(list(model.sets.values()), asked)
        return
    found = model.sets.get(asked.entity_set)
    if found is None:
        raise unrecognized(asked.entity_set)
    yield from _one_set(model, found, asked)


def _one_set(model: Model, found: EntitySet, asked: _Asked) -> Iterator[Element]:
    if asked.dependency:
        complexes = _complexes(model, found)
        shapes: list[Shape] = [found, *complexes]
        kinds = {p.type for shape in shapes for p in properties_of(shape)}
        yield from (_enum(e, asked) for name, e in model.enums.items() if name in kinds)
        yield from (_labelled(odata4.complex_type(c), c, asked) for c in complexes)
    yield _labelled(odata4.entity_type(model, found), found, asked)
    yield _container([found], asked)


def _complexes(model: Model, found: EntitySet) -> list[Complex]:
    """Collect the types of rows and extensions, and of the rows inside those."""
    names = [kind for _, kind in rows_of(found)]
    names += [p.type for p in found.properties.values() if p.complex]
    collected: dict[str, Complex] = {}
    while names:
        name = bare(names.pop(0))
        if name in model.complexes and name not in collected:
            collected[name] = model.complexes[name]
            names += [kind for _, kind in collected[name].rows]
    return list(collected.values())


def _labelled(made: Element, shape: Shape, asked: _Asked) -> Element:
    """Annotate simple and enum properties; complex ones never are (FP 2608)."""
    simple = {p.v2_name: p for p in properties_of(shape) if not p.complex}
    for child in made.findall("Property"):
        found = simple.get(child.get("Name", ""))
        if found is None or not asked.annotations & {"label", "labelWithField"}:
            continue
        child.append(_annotation("Common.Label", _label(found.name)))
        if asked.fields and found.column:
            child.append(_annotation(f"{NAMESPACE}.ColumnName", found.column))
    return made


def _enum(found: Enum, asked: _Asked) -> Element:
    made = odata4.enum(found)
    if asked.fields:
        for member, (_, _, letter) in zip(made, found.members, strict=True):
            member.append(_annotation(f"{NAMESPACE}.ValidValue", letter))
    return made


def _container(sets: list[EntitySet], asked: _Asked) -> Element:
    listed = []
    for found in sets:
        made = node("EntitySet", Name=found.name, EntityType=f"{NAMESPACE}.{found.type_name}")
        if asked.annotations:
            made.append(_annotation("Common.Label", _label(found.name)))
        if asked.tables:
            made.append(_annotation(f"{NAMESPACE}.TableName", found.table))
        listed.append(made)
    return node("EntityContainer", listed, Name="ServiceLayer")


def _annotation(term: str, text: str) -> Element:
    return node("Annotation", Term=term, String=text)


def _label(name: str) -> str:
    return " ".join(_WORD.findall(name)) or name
