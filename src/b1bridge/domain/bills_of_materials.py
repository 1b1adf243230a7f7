"""What kits take from stock, from the bills of materials as the books keep them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from b1bridge.domain.kits import Kit, Part


def in_stocked_parts(kits: Mapping[str, Kit], stocked: Collection[str]) -> list[Kit]:
    """Return each kit as what one piece takes of stocked items, kits within kits included.

    Services and texts limit nothing; a kit of nothing else is left out.
    """
    found = []
    for kit in kits.values():
        takes: dict[str, Decimal] = {}
        for item, quantity in _leaves(kit, kits, frozenset({kit.item})):
            if item in stocked and quantity > 0:
                takes[item] = takes.get(item, Decimal(0)) + quantity
        if takes:
            parts = tuple(Part(item, quantity) for item, quantity in takes.items())
            found.append(Kit(kit.item, kit.tree, parts))
    return found


def with_parts(moved: Iterable[str], kits: Mapping[str, Kit]) -> frozenset[str]:
    """Return the items that moved with those their kits take: a row may name the kit alone."""
    known = frozenset(moved)
    parts = {part.item for item in known if item in kits for part in kits[item].parts}
    return known | parts


def kits_that_take(items: frozenset[str], kits: Iterable[Kit]) -> frozenset[str]:
    """Return the kits of which any part is among these items."""
    return frozenset(kit.item for kit in kits if any(part.item in items for part in kit.parts))


def _leaves(
    kit: Kit, kits: Mapping[str, Kit], above: frozenset[str]
) -> Iterator[tuple[str, Decimal]]:
    for part in kit.parts:
        if part.item in kits and part.item not in above:
            for leaf, each in _leaves(kits[part.item], kits, above | {part.item}):
                yield leaf, each * part.quantity
        else:
            yield part.item, part.quantity
