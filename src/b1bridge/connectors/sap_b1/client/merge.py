"""Brings a change together with what others changed meanwhile: mine, the base I saw, and theirs.

Rows are the same row when their identity says so, never by their place in the list
(sap-service-layer.md 5: row identity).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

Fields = Mapping[str, Any]

# The first two were tested against a live system, the others are inferred (guess).
ROW_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "BPAddresses": "RowNum",
        "ContactEmployees": "InternalCode",
        "DocumentLines": "LineNum",
        "ItemPrices": "PriceList",
        "ItemWarehouseInfoCollection": "WarehouseCode",
    }
)
# Recorded on 2511: an address is changed only where these stand beside RowNum, else inserted.
ALSO_NAMED = ("BPCode", "AddressName", "AddressType")
_MIDNIGHT = "T00:00:00Z"
_NOTHING: Fields = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that I and somebody else changed to different values; rows are named in brackets."""

    name: str
    base: Any
    mine: Any
    theirs: Any

    def __str__(self) -> str:
        """Tell it to a person."""
        return f"{self.name} was {self.base}, I set {self.mine}, it is {self.theirs} now"


@dataclass(frozen=True, slots=True)
class Merged:
    """What is left to send, and what a person must decide."""

    changes: dict[str, Any] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Fields, mine: Fields, theirs: Fields) -> Merged:
    """Merge field by field, as three-way merges do.

    A value equal to the base is no change of mine; a field that the base does not show is mine to
    set, for I never looked at it.
    """
    merged = Merged()
    for name, value in mine.items():
        _merge_field(merged, (name,), base, value, theirs)
    return merged


def same(mine: Any, theirs: Any) -> bool:
    """Tell whether two spellings are one value: 100 and "100", a day and its midnight."""
    if mine == theirs:
        return True
    if isinstance(mine, (date, time)):
        mine = mine.isoformat()
    if isinstance(theirs, str) and theirs.endswith(_MIDNIGHT):
        return bool(mine == theirs.removesuffix(_MIDNIGHT))
    if isinstance(theirs, (int, Decimal)) and isinstance(mine, (int, Decimal, str)):
        return _number(mine) == theirs
    return False


def _merge_field(
    merged: Merged, path: tuple[str, ...], base: Fields, mine: Any, theirs: Fields
) -> None:
    name = path[-1]
    old: Any = base.get(name)
    new: Any = theirs.get(name)
    if name not in base:
        merged.changes[name] = mine
    elif isinstance(mine, Mapping) and isinstance(old, Mapping) and isinstance(new, Mapping):
        _merge_inside(merged, path, old, mine, new)
    elif name in ROW_KEYS and all(isinstance(rows, list) for rows in (mine, old, new)):
        _merge_rows(merged, path, old, mine, new)
    elif same(mine, new) or same(mine, old):
        return
    elif old == new:
        merged.changes[name] = mine
    else:
        merged.conflicts.append(Conflict(".".join(path), old, mine, new))


def _merge_inside(
    merged: Merged, path: tuple[str, ...], base: Fields, mine: Fields, theirs: Fields
) -> None:
    inside = Merged(conflicts=merged.conflicts)
    for name, value in mine.items():
        _merge_field(inside, (*path, name), base, value, theirs)
    if inside.changes:
        merged.changes[path[-1]] = inside.changes


def _merge_rows(
    merged: Merged,
    path: tuple[str, ...],
    base: list[Fields],
    mine: list[Fields],
    theirs: list[Fields],
) -> None:
    identity = ROW_KEYS[path[-1]]
    old, new = _by_identity(base, identity), _by_identity(theirs, identity)
    rows = []
    for row in mine:
        number = row.get(identity)
        if number not in old and number not in new:
            rows.append(dict(row))
            continue
        name = f"{path[-1]}[{identity}={number}]"
        if number not in new:
            merged.conflicts.append(Conflict(name, old[number], dict(row), None))
            continue
        inside = Merged(conflicts=merged.conflicts)
        for column, value in row.items():
            seen = old.get(number, _NOTHING)
            _merge_field(inside, (*path[:-1], name, column), seen, value, new[number])
        inside.changes.pop(identity, None)
        if inside.changes:
            known = {name: new[number][name] for name in ALSO_NAMED if name in new[number]}
            also = known if path[-1] == "BPAddresses" else {}
            rows.append({identity: number, **also, **inside.changes})
    if rows:
        merged.changes[path[-1]] = rows


def _by_identity(rows: list[Fields], identity: str) -> dict[Any, Fields]:
    return {row[identity]: row for row in rows if row.get(identity) is not None}


def _number(value: int | str | Decimal) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
