"""Units of measure: a SKU may stand for a pack of an item, sold at the pack's own price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SEPARATOR = "@"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that an item is sold in; `pieces` is how many inventory units one holds."""

    entry: int
    code: str
    pieces: Decimal


def item_and_unit(entry: str) -> tuple[str, str]:
    """Read an entry of the sku crosswalk: MUG@CASE is the item MUG in the unit CASE.

    What follows the last @ is the unit; an item whose own code has one is entered as A@B@.
    """
    item, mark, unit = entry.rpartition(SEPARATOR)
    return (item, unit) if mark else (entry, "")
