"""One spelling for both versions: callers write and read the names of version 1 throughout.

Version 2 renames a property that is called like its own type: the BatchNumber of a BatchNumber
became BatchNumberProperty, and so for nine types (sap-service-layer.md 1.1). Whether version 2
also takes the old name is not known, so it gets its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Version = Literal["v1", "v2"]

TYPES = frozenset(
    {
        "Activity",
        "BatchNumber",
        "CCDNumber",
        "DataSensitiveStatus",
        "DeterminationCriteria",
        "ElectronicSeries",
        "FieldID",
        "PeriodCategory",
        "Series",
    }
)
_RENAMED = {f"{name}Property": name for name in TYPES}
# Rows of these types stand in a collection that is named for them in the plural, an object of
# them under their own name, and the entities of one of them in a set of its own.
_PLACES = {name: name for name in TYPES} | {f"{name}s": name for name in TYPES}
_SETS = {"Activities": "Activity"}


def in_one_spelling(content: bytes, body: Any) -> Any:
    """Give a read answer the names of version 1; most need no look at every name."""
    return one_spelling(body) if b'Property"' in content else body


def one_spelling(body: Any) -> Any:
    """Give an answer the names of version 1; what is of version 1 already stays as it is."""
    if isinstance(body, dict):
        return {_RENAMED.get(name, name): one_spelling(value) for name, value in body.items()}
    if isinstance(body, list):
        return [one_spelling(value) for value in body]
    return body


def as_sent(body: Mapping[str, Any], path: str, version: Version) -> dict[str, Any]:
    """Give what is sent along `path` the names of the version."""
    if version == "v1":
        return dict(body)
    entity_set = path.partition("?")[0].partition("(")[0].partition("/")[0]
    return _renamed(body, _SETS.get(entity_set, ""))


def name_as_sent(name: str, entity_set: str, version: Version) -> str:
    """Give one property of an entity the name of the version."""
    renamed = version == "v2" and _SETS.get(entity_set) == name
    return f"{name}Property" if renamed else name


def _renamed(fields: Mapping[str, Any], owner: str) -> dict[str, Any]:
    return {
        f"{name}Property" if name == owner else name: _inside(name, value)
        for name, value in fields.items()
    }


def _inside(name: str, value: Any) -> Any:
    """Rename inside what stands under a name; a plain value has no names."""
    owner = _PLACES.get(name, "")
    if isinstance(value, Mapping):
        return _renamed(value, owner)
    if isinstance(value, list):
        return [_inside(name, item) for item in value]
    return value
