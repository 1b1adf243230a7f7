"""Bills of materials: what is sold as one and leaves in parts (correctness-rules 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.money import Money


class Tree(StrEnum):
    """What an item is in a bill of materials, or what a row of a document is."""

    NONE = ""
    SALES = "sales"  # the kit has the price, its parts leave
    TEMPLATE = "template"  # the parts are rows like any other, and may be changed
    ASSEMBLY = "assembly"  # one row and one price; its parts leave unseen
    PRODUCTION = "production"  # made beforehand and stocked itself
    PART = "part"  # below a kit


IN_PARTS = frozenset({Tree.SALES, Tree.TEMPLATE, Tree.ASSEMBLY})
"""The trees of which not the kit but its parts are stocked."""


@dataclass(frozen=True, slots=True)
class Part:
    """So many of an item in one kit; `price` is the list's for one of them, zero if it has none."""

    item: str
    quantity: Decimal
    price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill of materials as the books keep it: one level, the parts of one piece."""

    item: str
    tree: Tree
    parts: tuple[Part, ...]


def stocked_goods(goods: Mapping[str, Decimal], bills: Mapping[str, Bill]) -> dict[str, Decimal]:
    """Say what of these goods really leaves a warehouse: the parts of the kits among them."""
    leaving: dict[str, Decimal] = {}
    for item, quantity in goods.items():
        bill = bills.get(item)
        parts = bill.parts if bill and bill.tree in IN_PARTS else (Part(item, Decimal(1)),)
        for part in parts:
            leaving[part.item] = leaving.get(part.item, Decimal(0)) + quantity * part.quantity
    return leaving


def price_of_parts(price: Money, bill: Bill) -> list[Money]:
    """Share a kit's price out to its parts by their list prices, to the cent.

    49.90 over list 30.00 and 25.00 is 27.22 + 22.68 (correctness-rules 3.7). Parts that have no
    price at all share by quantity.
    """
    weights = [part.price * part.quantity for part in bill.parts]
    return price.split(weights if any(weights) else [part.quantity for part in bill.parts])
