"""Reads what a company's Service Layer can do from its own `$metadata`, in either version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken
from b1bridge.sdk.evidence import evidence

_TYPES = frozenset({"EntityType", "ComplexType"})
_IMPORTS = frozenset({"FunctionImport", "ActionImport"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """Names only: of sets with their types, of types with their properties, of operations."""

    sets: Mapping[str, str]
    properties: Mapping[str, frozenset[str]]
    operations: frozenset[str]

    def has_field(self, name: str, type_name: str = "") -> bool:
        """Tell whether a type, or any type at all, has the property."""
        if type_name:
            return name in self.properties.get(type_name, frozenset())
        return any(name in names for names in self.properties.values())


async def read_metadata(service: ServiceLayer) -> Metadata:
    """Fetch and read it; some 2 MB, so keep what you need of it."""
    response = await service.call(
        "GET", "$metadata", read=True, headers={"Accept": "application/xml"}
    )
    return metadata_of(response.content)


def metadata_of(edmx: bytes) -> Metadata:
    """Read EDMX; ContractBroken for what is none, a document with a DTD included."""
    try:
        if b"<!DOCTYPE" in edmx:  # which could make a short text a huge one
            raise _unreadable(edmx)
        root = ET.fromstring(edmx)  # noqa: S314 - without a DTD there are no entities
    except ET.ParseError as exc:
        raise _unreadable(edmx) from exc
    sets: dict[str, str] = {}
    properties: dict[str, frozenset[str]] = {}
    operations: set[str] = set()
    for element in root.iter():
        kind, name = _local(element.tag), element.get("Name", "")
        if kind == "EntitySet":
            sets[name] = element.get("EntityType", "").rpartition(".")[2]
        elif kind in _TYPES:
            inside = (part for part in element if _local(part.tag).endswith("Property"))
            properties[name] = frozenset(part.get("Name", "") for part in inside)
        elif kind in _IMPORTS:
            operations.add(name)
    return Metadata(sets, properties, frozenset(operations))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _unreadable(edmx: bytes) -> ContractBroken:
    msg = f"{SYSTEM}: $metadata is no EDMX that can be read"
    return ContractBroken(msg, system=SYSTEM, payload=evidence(edmx[:2000]))
