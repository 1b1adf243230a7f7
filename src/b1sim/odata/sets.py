"""The entity sets as one company sees them: with its user-defined fields (5.3)."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from b1sim.company.shape.model import ENTITY_SETS, Collection, EntitySet, Property

UserFields = Mapping[str, Mapping[str, str]]
_Frozen = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def entity_sets(user_fields: UserFields) -> Mapping[str, EntitySet]:
    """Return every set; user-defined fields stand behind SAP's own properties."""
    if not user_fields:
        return ENTITY_SETS
    return _extended(tuple((name, tuple(kinds.items())) for name, kinds in user_fields.items()))


@lru_cache(maxsize=8)
def _extended(frozen: _Frozen) -> Mapping[str, EntitySet]:
    fields = {
        type_name: {name: Property(name, kind, v2_name=name) for name, kind in kinds}
        for type_name, kinds in frozen
    }
    return {name: _entity_set(found, fields) for name, found in ENTITY_SETS.items()}


def _entity_set(found: EntitySet, fields: Mapping[str, dict[str, Property]]) -> EntitySet:
    return replace(
        found,
        properties=MappingProxyType({**found.properties, **fields.get(found.type_name, {})}),
        collections=_collections(found.collections, fields),
    )


def _collections(
    found: Mapping[str, Collection], fields: Mapping[str, dict[str, Property]]
) -> MappingProxyType[str, Collection]:
    return MappingProxyType(
        {
            name: replace(
                rows,
                properties=MappingProxyType({**rows.properties, **fields.get(rows.type_name, {})}),
                collections=_collections(rows.collections, fields),
            )
            for name, rows in found.items()
        }
    )
