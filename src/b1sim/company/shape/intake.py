"""Reading a payload: known names only, read-only ones dropped, values as the books keep them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from b1sim.company.refusals import invalid_property, invalid_value, not_simulated
from b1sim.company.shape import values
from b1sim.company.shape.model import Collection, EntitySet, Property

Kind = EntitySet | Collection


@dataclass
class Intake:
    """One row as it was sent: SAP columns, what has no column, and the rows below it."""

    columns: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list["Intake"]] = field(default_factory=dict)

    def has(self, *columns: str) -> bool:
        """Tell whether one of the columns was sent with a value."""
        return any(self.columns.get(column) is not None for column in columns)


def take(
    kind: Kind,
    payload: Mapping[str, Any],
    *,
    trusted: bool = False,
) -> Intake:
    """Read one payload; `trusted` keeps read-only properties (the company's own rows)."""
    intake = Intake()
    for name, value in payload.items():
        # Guess: rows that are null say nothing, nor does a null for what b1sim does not keep.
        if value is None and (name in kind.collections or name in kind.unsimulated):
            continue
        if name in kind.collections:
            intake.rows[name] = _rows(kind.collections[name], value, trusted=trusted)
            continue
        prop = property_of(kind, name)
        if prop.read_only and not trusted:
            continue
        parsed = values.parse(prop, kind.type_name, value)
        target = intake.columns if prop.column else intake.extra
        target[prop.column or prop.name] = parsed
    return intake


def property_of(kind: Kind, name: str) -> Property:
    """Find a property by its name in either version; Refusal -1000 when there is none."""
    found = kind.properties.get(name)
    if found is not None:
        return found
    for prop in kind.properties.values():
        if prop.v2_name == name:
            return prop
    if name in kind.unsimulated:
        what = f"{kind.type_name}.{name}"
        raise not_simulated(what)
    raise invalid_property(name, kind.type_name)


def _rows(collection: Collection, value: Any, *, trusted: bool) -> list[Intake]:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    if not is_list or not all(isinstance(row, Mapping) for row in value):
        raise invalid_value(collection.name, collection.type_name, value)
    return [take(collection, row, trusted=trusted) for row in value]
