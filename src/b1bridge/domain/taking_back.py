"""The rows of a credit memo: drawn from the invoice's while it is unpaid, else standing alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.domain.documents import BaseRow, DocumentLine
from b1bridge.domain.kits import Tree
from b1bridge.domain.standing import Standing, StandingRow

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Portion:
    """So many pieces that go back in one way."""

    quantity: Decimal
    base: BaseRow | None = None
    moves_stock: bool = True


def rows_taken_back(
    taken: Iterable[DocumentLine],
    invoices: Sequence[Standing],
    memos: Sequence[Standing],
    *,
    by_row: bool,
) -> tuple[DocumentLine, ...]:
    """Write what goes back as rows of a memo; `by_row` draws them from open invoices.

    What a reserve invoice has not delivered yet never left the warehouse, so a memo that stands
    alone must not bring it back (the rows of the invoice stay to be closed).
    """
    lines: list[DocumentLine] = []
    for line in taken:
        drawn = list(_drawn(line, invoices)) if by_row else []
        left = line.quantity - sum((portion.quantity for portion in drawn), ZERO)
        still = min(left, _undelivered(line, invoices, memos))
        alone = [_Portion(still, moves_stock=False), _Portion(left - still)]
        lines += _split(line, [portion for portion in (*drawn, *alone) if portion.quantity > 0])
    return tuple(lines)


def _drawn(line: DocumentLine, invoices: Iterable[Standing]) -> Iterator[_Portion]:
    left = line.quantity
    for one, row in _same(line, (one for one in invoices if one.is_open)):
        part = min(left, row.open_quantity)
        if part > 0:
            yield _Portion(part, BaseRow(one.kind, one.posted.entry, row.number))
            left -= part


def _undelivered(
    line: DocumentLine, invoices: Iterable[Standing], memos: Iterable[Standing]
) -> Decimal:
    """Return what reserve invoices keep for delivery and no earlier memo took off them."""
    kept = sum((row.open_quantity for one, row in _same(line, invoices) if one.reserve), ZERO)
    taken = sum((row.quantity for _, row in _same(line, memos) if not row.moves_stock), ZERO)
    return max(kept - taken, ZERO)


def _same(
    line: DocumentLine, documents: Iterable[Standing]
) -> Iterator[tuple[Standing, StandingRow]]:
    for one in documents:
        for row in one.rows:
            same = (row.item, row.tax_code) == (line.item, line.tax_code)
            if same and row.is_part_of_kit is (line.tree is Tree.PART):
                yield one, row


def _split(line: DocumentLine, portions: Sequence[_Portion]) -> list[DocumentLine]:
    amounts = line.amount.split([portion.quantity for portion in portions])
    return [
        replace(
            line,
            quantity=portion.quantity,
            amount=amount,
            base=portion.base,
            moves_stock=portion.moves_stock,
        )
        for portion, amount in zip(portions, amounts, strict=True)
    ]
