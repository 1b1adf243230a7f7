"""What the Service Layer finds in the company when it starts (sap-service-layer.md 5.3)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from b1sim.company.books import Books
from b1sim.company.extension import fields, user_tables
from b1sim.company.shape.known import PLAIN, Known
from b1sim.company.shape.model import ENTITY_SETS, Collection, EntitySet, Property

Fields = Mapping[str, Mapping[str, Property]]


def know(books: Books) -> Known:
    """Read fields and tables as they are now; those that were dropped leave for good."""
    own = fields.by_table(books)
    tables = books.rows("SELECT TblName, ObjectType FROM OUTB ORDER BY TblName")
    if not own and not tables:
        return PLAIN
    sets = {name: _entity_set(found, own) for name, found in ENTITY_SETS.items()}
    for row in tables:
        mine = own.get(f"@{row['TblName']}", {})
        made = user_tables.entity_set(row["TblName"], row["ObjectType"], mine)
        sets[made.name] = made
    return Known(MappingProxyType(sets), {table: frozenset(own[table]) for table in own})


def _entity_set(found: EntitySet, own: Fields) -> EntitySet:
    """Put user-defined fields behind SAP's own properties."""
    return replace(
        found,
        properties=MappingProxyType({**found.properties, **own.get(found.table, {})}),
        collections=_collections(found.collections, own),
    )


def _collections(found: Mapping[str, Collection], own: Fields) -> MappingProxyType[str, Collection]:
    return MappingProxyType(
        {
            name: replace(
                rows,
                properties=MappingProxyType({**rows.properties, **own.get(rows.table, {})}),
                collections=_collections(rows.collections, own),
            )
            for name, rows in found.items()
        }
    )
