"""Which batches a row takes: what expires first leaves first (correctness-rules 3.8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.documents import BatchTaken, DocumentLine, SalesDocument
from b1bridge.errors import NeedsOperator

ZERO = Decimal(0)


class Allocate(StrEnum):
    """How the batches of an invoice that moves goods are chosen."""

    BY_HAND = "by_hand"
    FEFO = "fefo"


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """`shelf_life_days` is how long a batch must still be good for on the day of the document."""

    allocate: Allocate = Allocate.BY_HAND
    shelf_life_days: int = 0

    @property
    def allocates(self) -> bool:
        """Whether batches are chosen at all."""
        return self.allocate is Allocate.FEFO


@dataclass(frozen=True, slots=True)
class Batch:
    """What is free of a batch in one warehouse, in inventory units; undated, it never expires."""

    item: str
    number: str
    warehouse: str
    expires: date | None
    free: Decimal


def with_batches(
    document: SalesDocument, batches: Iterable[Batch], shelf_life_days: int
) -> SalesDocument:
    """Name the batches of every row that needs them.

    Raises NeedsOperator: BATCH_SHORT, or NO_WAREHOUSE where nobody says which shelf is meant.
    Rows of the same item take from the same batches one after the other.
    """
    shelf = sorted(batches, key=lambda batch: (batch.expires or date.max, batch.number))
    lines: list[DocumentLine] = []
    for row, line in enumerate(document.lines, start=1):
        if not line.takes_batches:
            lines.append(line)
            continue
        if not line.warehouse:
            raise _nowhere(document.reference, row, line)
        here = [one for one in shelf if (one.item, one.warehouse) == (line.item, line.warehouse)]
        until = document.posted_on + timedelta(days=shelf_life_days)
        taken = _first_expired(pieces_of(line), here, until)
        if sum((one.quantity for one in taken), ZERO) != pieces_of(line):
            raise _short(document.reference, row, line, here, until)
        shelf = _without(shelf, line, taken)
        lines.append(replace(line, batches=taken))
    return replace(document, lines=tuple(lines))


def pieces_of(line: DocumentLine) -> Decimal:
    """Count a row in inventory units."""
    return line.quantity * (line.unit.pieces if line.unit else 1)


def _first_expired(
    pieces: Decimal, batches: Iterable[Batch], until: date
) -> tuple[BatchTaken, ...]:
    taken: list[BatchTaken] = []
    for batch in batches:
        quantity = min(batch.free, pieces)
        if quantity > 0 and (batch.expires is None or batch.expires >= until):
            taken.append(BatchTaken(batch.number, quantity))
            pieces -= quantity
    return tuple(taken)


def _without(shelf: list[Batch], line: DocumentLine, taken: tuple[BatchTaken, ...]) -> list[Batch]:
    gone = {(line.item, line.warehouse, one.number): one.quantity for one in taken}
    return [
        replace(one, free=one.free - gone.get((one.item, one.warehouse, one.number), ZERO))
        for one in shelf
    ]


def _short(
    reference: str, row: int, line: DocumentLine, here: Iterable[Batch], until: date
) -> NeedsOperator:
    there = ", ".join(_told(batch, until) for batch in here) or "no batch"
    msg = (
        f"{reference}: row {row} needs {pieces_of(line).normalize():f} of {line.item} from "
        f"warehouse {line.warehouse}, which has {there}"
    )
    fix = (
        "receive or release a batch in the books, or choose another warehouse, then retry the case"
    )
    return NeedsOperator(msg, reason="BATCH_SHORT", fix=fix)


def _nowhere(reference: str, row: int, line: DocumentLine) -> NeedsOperator:
    msg = (
        f"{reference}: row {row} takes batches of {line.item}, and neither the sync nor the item "
        "names a warehouse to take them from"
    )
    fix = "set the sync's warehouse, or the item's default warehouse, then retry the case"
    return NeedsOperator(msg, reason="NO_WAREHOUSE", fix=fix)


def _told(batch: Batch, until: date) -> str:
    told = f"{batch.free.normalize():f} in {batch.number}"
    if batch.expires is None:
        return told
    late = ", too early" if batch.expires < until else ""
    return f"{told} (good until {batch.expires}{late})"
