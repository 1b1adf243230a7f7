"""Sets that no table keeps: described like the others, answered by code of their own."""

from collections.abc import Mapping
from types import MappingProxyType

from b1sim.company.shape.model import EntitySet, Property


def _properties(**kinds: str) -> Mapping[str, Property]:
    found = {name: Property(name, kind, name, v2_name=name) for name, kind in kinds.items()}
    return MappingProxyType(found)


# The guide prints this type with its two operations (4.4).
_SQL_VIEWS = EntitySet(
    name="SQLViews",
    type_name="SQLView",
    table="SQLViews",
    key=("Name",),
    properties=_properties(
        Name="Edm.String",
        DBType="Edm.String",
        SchemaName="Edm.String",
        CreateDate="Edm.DateTime",
    ),
    collections=MappingProxyType({}),
    has_etag=False,
    actions=("Expose", "Unexpose"),
    deletable=False,
)
ELSEWHERE: Mapping[str, EntitySet] = {_SQL_VIEWS.name: _SQL_VIEWS}
