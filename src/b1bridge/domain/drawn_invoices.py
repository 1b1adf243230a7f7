"""An invoice drawn from a sales order: what was delivered from its deliveries, the rest from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from b1bridge.domain.documents import BaseRow, DocumentKind, DocumentLine, SalesDocument
from b1bridge.domain.standing import Standing, StandingRow
from b1bridge.errors import NeedsOperator


@dataclass(frozen=True, slots=True)
class DueInvoice:
    """A sales order whose invoice is due, with what of it left the warehouse and was prepaid."""

    order: Standing
    deliveries: tuple[Standing, ...]
    down_payments: tuple[Standing, ...]
    posted_on: date


def drawn_from_order(
    invoice: SalesDocument, order: Standing, deliveries: Sequence[Standing]
) -> SalesDocument:
    """Let every row draw on its sales order or on the deliveries of it; amounts stay to the cent.

    Raises NeedsOperator (EDIT_CONFLICT) where less or more is left to invoice than was sold.
    """
    left = [row for row in order.rows if not row.is_part_of_kit or row.net]
    lines: list[DocumentLine] = []
    for line in invoice.lines:
        row = _row_of(line, left, order)
        lines.extend(_drawn(line, row, order, deliveries))
    return replace(invoice, lines=tuple(lines))


def is_delivered(order: Standing) -> bool:
    """Tell whether nothing of a sales order is left to deliver."""
    return all(not row.is_open or not row.open_quantity for row in order.rows)


def _row_of(line: DocumentLine, left: list[StandingRow], order: Standing) -> StandingRow:
    """Take the row that sells just this, or one that sells the item."""
    alike = [row for row in left if row.item == line.item]
    exact = [row for row in alike if row.quantity == line.quantity]
    found = next(iter(exact or alike), None)
    if found is None:
        raise _conflict(line, order, Decimal(0))
    left.remove(found)
    return found


def _drawn(
    line: DocumentLine, row: StandingRow, order: Standing, deliveries: Sequence[Standing]
) -> list[DocumentLine]:
    bases = list(_bases(row, order, deliveries))
    quantities = [quantity for _, quantity in bases]
    if sum(quantities, Decimal(0)) != line.quantity:
        raise _conflict(line, order, sum(quantities, Decimal(0)))
    shares = line.amount.split(quantities)
    return [
        replace(
            line,
            quantity=quantity,
            amount=share,
            base=base,
            warehouse=row.warehouse,
            takes_batches=line.takes_batches and base.kind is DocumentKind.SALES_ORDER,
        )
        for (base, quantity), share in zip(bases, shares, strict=True)
    ]


def _bases(
    row: StandingRow, order: Standing, deliveries: Sequence[Standing]
) -> Iterator[tuple[BaseRow, Decimal]]:
    """Yield what can still be invoiced of a row: delivered and not invoiced, or not delivered."""
    own = BaseRow(DocumentKind.SALES_ORDER, order.posted.entry, row.number)
    for delivery in deliveries:
        for delivered in delivery.rows:
            if delivered.base == own and delivered.is_open and delivered.open_quantity:
                base = BaseRow(DocumentKind.DELIVERY, delivery.posted.entry, delivered.number)
                yield base, delivered.open_quantity
    if row.is_open and row.open_quantity:
        yield own, row.open_quantity


def _conflict(line: DocumentLine, order: Standing, left: Decimal) -> NeedsOperator:
    named = f"{order.posted.kind} {order.posted.number}"
    msg = (
        f"{order.reference}: the shop sells {line.quantity.normalize():f} of {line.item}, "
        f"{named} and its deliveries have {left.normalize():f} left to invoice"
    )
    fix = (
        f"correct {named} in the books, or post the invoice by hand with reference "
        f"{order.reference}; then retry the case"
    )
    return NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)
