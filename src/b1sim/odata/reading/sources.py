"""What a tabular read draws on (sap-service-layer.md 4.2, 4.4): sets, rows in them, or a view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from b1sim.company.shape.model import Collection, EntitySet, Property
from b1sim.odata.reading.conditions import Column, property_of
from b1sim.odata.reading.navigation import Sets
from b1sim.odata.refusing import not_simulated, unknown_property, unrecognized

Shape = EntitySet | Collection


@dataclass(frozen=True)
class Source:
    """A table with the properties that it shows."""

    name: str
    """As paths and filters spell it: `Orders` or `Orders/DocumentLines`."""
    type_name: str
    alias: str
    table: str
    shape: Shape
    key: tuple[str, ...]
    """Columns that put the rows in a steady order."""

    def column(self, name: str) -> Column | None:
        """Find a simple property of this source."""
        found = property_of(self.shape, name)
        return None if found is None else Column(found, self.sql(found))

    def sql(self, found: Property) -> str:
        """Name the value of a property in a statement over several tables."""
        if found.column:
            return f'{self.alias}."{found.column}"'
        return f"json_extract({self.alias}.Extra, '$.{found.name}')"

    @property
    def order(self) -> list[str]:
        """Order by the key."""
        return [f'{self.alias}."{column}"' for column in self.key]


@dataclass(frozen=True)
class Sources:
    """The sources of one read; a name may be bare only where there is a single one."""

    all: tuple[Source, ...]

    def find(self, name: str) -> tuple[Source, Column] | None:
        """Find a property by `Orders/CardCode`, or by `CardCode` where that is clear."""
        for source in sorted(self.all, key=lambda source: -len(source.name)):
            if name.startswith(f"{source.name}/"):
                found = source.column(name.removeprefix(f"{source.name}/"))
                return None if found is None else (source, found)
        only = self.all[0].column(name) if len(self.all) == 1 else None
        return None if only is None else (self.all[0], only)

    def column(self, name: str) -> Column | None:
        """Find what a name stands for in a condition."""
        found = self.find(name)
        return None if found is None else found[1]

    def get(self, name: str) -> tuple[Source, Column]:
        """Find a property that must be there."""
        found = self.find(name)
        if found is None:
            raise unknown_property(name, self.all[0].type_name)
        return found

    @property
    def tables(self) -> str:
        """Write the FROM."""
        return ", ".join(f"{source.table} AS {source.alias}" for source in self.all)


def source_of(sets: Sets, path: str, alias: str = "T0") -> Source:
    """Find a set by its name, or rows inside it by `Orders/DocumentLines`."""
    name, *inner = path.split("/")
    entity_set = sets.get(name)
    if entity_set is None:
        raise unrecognized(path)
    if not inner:
        return set_source(entity_set, alias)
    rows = _rows(entity_set, inner)
    key = (*(own for own, _ in rows.link), rows.row_column)
    return Source(path, rows.type_name, alias, _rows_table(rows), rows, key)


def set_source(entity_set: EntitySet, alias: str = "T0") -> Source:
    """Draw on a whole set."""
    name, table, key = entity_set.name, f'"{entity_set.table}"', entity_set.key_columns
    return Source(name, entity_set.type_name, alias, table, entity_set, key)


def _rows(entity_set: EntitySet, names: Sequence[str]) -> Collection:
    shape: Shape = entity_set
    for name in names:
        inside: Mapping[str, Collection] = shape.collections
        if name not in inside and name in shape.unsimulated:
            what = f"the rows {entity_set.name}/{name}"
            raise not_simulated(what)
        if name not in inside:
            raise unknown_property(name, shape.type_name)
        shape = inside[name]
    assert isinstance(shape, Collection)  # noqa: S101 - names is never empty
    return shape


def _rows_table(rows: Collection) -> str:
    """Name the table of rows, without those of other parents where several share it."""
    if not rows.fixed:
        return f'"{rows.table}"'
    fixed = " AND ".join(f'"{column}" = {value:d}' for column, value in rows.fixed)
    return f'(SELECT * FROM "{rows.table}" WHERE {fixed})'  # noqa: S608 - the model's own names
