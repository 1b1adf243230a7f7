"""Reads what is special about the items of an order, and posts rows with their batches."""

from __future__ import annotations

from collections.abc import Mapping

from b1bridge.domain.batches import Allocation, with_batches
from b1bridge.domain.documents import DocumentKind, Item, SalesDocument
from b1bridge.domain.identity import Posted
from b1bridge.domain.items import check_sellable, missing_items, no_unit, units_by_sku
from b1bridge.domain.kits import IN_PARTS, Kit
from b1bridge.domain.orders import Order, sold_lines
from b1bridge.domain.sales_documents import Codes
from b1bridge.domain.units import Unit
from b1bridge.ports.books import Books


async def units_of(books: Books, order: Order, codes: Codes) -> dict[str, Unit]:
    """Read the units that SKUs stand for; raises NeedsOperator (UNIT) for one that is not sold."""
    units: dict[str, Unit] = {}
    for name, (item, code) in units_by_sku(sold_lines(order), codes.sku).items():
        unit = await books.unit(item, code)
        if unit is None:
            raise no_unit(order.ref, name, item, code)
        units[name] = unit
    return units


async def kits_of(
    books: Books, order: Order, kind: DocumentKind, items: Mapping[str, Item], *, reserve: bool
) -> dict[str, Kit]:
    """Read the kits among the items; their parts must be sellable, too.

    A part that is managed by batch is refused where goods move: SAP puts the parts below a kit
    itself and names no batch (sap-service-layer.md 9.4).
    """
    heads = {item.code for item in items.values() if item.tree in IN_PARTS}
    if not heads:
        return {}
    kits = await books.kits(heads)
    wanted = {part.item for kit in kits.values() for part in kit.parts}
    parts = await books.items(wanted)
    if missing := wanted - parts.keys():
        raise missing_items(order.ref, missing, {})
    check_sellable(order.ref, kind, parts.values(), reserve=reserve)
    return kits


async def post_allocated(books: Books, document: SalesDocument, allocation: Allocation) -> Posted:
    """Post with the batches that lie there now, where goods go out.

    They are read within the step that writes, which looks for its own earlier work first: a
    crash in between allocates anew, and nothing twice.
    """
    wanted = {line.item for line in document.lines if line.takes_batches}
    if wanted and document.kind is DocumentKind.INVOICE:
        there = await books.batches(wanted)
        document = with_batches(document, there, allocation.shelf_life_days)
    return await books.post_document(document)
