"""The rows of a document that a kit becomes, by the kind of its bill of materials.

A sales kit bears the price and SAP puts its parts below it; an assembly is one row, whose parts
leave unseen; what is produced beforehand is an item like any other. Of a template SAP would price
each part by its list, so its parts are written out and bear the price between them.
"""

from __future__ import annotations

from dataclasses import replace

from b1bridge.domain.documents import DocumentLine
from b1bridge.domain.kits import Kit, Tree, price_of_parts
from b1bridge.domain.money import Money


def rows_of_kit(
    row: DocumentLine, kit: Kit, *, price_parts: bool, warehouse: str
) -> tuple[DocumentLine, ...]:
    """Return the row as it is, or a row without a price and the parts that bear it."""
    written_out = kit.tree is Tree.TEMPLATE or (kit.tree is Tree.SALES and price_parts)
    if not written_out or not kit.parts:
        return (row,)
    head = replace(row, amount=Money.zero(row.amount.currency), tree=kit.tree)
    prices = price_of_parts(row.amount, kit)
    parts = (
        replace(
            row,
            item=part.item,
            description="",
            quantity=row.quantity * part.quantity,
            amount=price,
            warehouse=warehouse,
            unit=None,
            tree=Tree.PART,
        )
        for part, price in zip(kit.parts, prices, strict=True)
    )
    return (head, *parts)
