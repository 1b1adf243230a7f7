"""An invoiced order that changed: what is taken back and what is sold anew, to the cent.

An invoice stays as it is for ever. What became less is credited, what became more is invoiced, and
what became another thing is both (correctness-rules 3.14), so that all documents of the order
together come to what it comes to now. What refunds have credited already is not credited again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.domain.changes import Change, change_between, pieces, rows_of, with_a_row
from b1bridge.domain.claims import credited_by_refunds, owed
from b1bridge.domain.documents import (
    DocumentKind,
    DocumentLine,
    Expense,
    SalesDocument,
    Totals,
)
from b1bridge.domain.money import Money
from b1bridge.domain.proof import Tolerance, both_sides, proved
from b1bridge.domain.standing import Standing
from b1bridge.domain.taking_back import rows_taken_back
from b1bridge.domain.tax import predicted_totals
from b1bridge.errors import NeedsOperator


@dataclass(frozen=True, slots=True)
class Invoiced:
    """What stands for one order: its invoices, our own memos of changes, and refunds' memos.

    `received` is the money captured, `returned` what went back of it; None where the shop does
    not tell. `prepaid_memos` give back down payments: they have numbers of changes, no more.
    `recharges` are invoices for what refunds' memos credited too much.
    """

    invoices: tuple[Standing, ...]
    memos: tuple[Standing, ...]
    refund_memos: tuple[Standing, ...] = ()
    received: Money | None = None
    returned: Money | None = None
    prepaid_memos: tuple[Standing, ...] = ()
    recharges: tuple[Standing, ...] = ()

    @property
    def totals(self) -> Totals:
        """What invoices less our own memos come to."""
        zero = Money.zero(self.invoices[0].totals.total.currency)
        whole = Totals(zero, zero, zero)
        for one in self.invoices:
            whole = plus(whole, one.totals)
        for one in self.memos:
            whole = minus(whole, one.totals)
        return whole

    @property
    def is_unpaid(self) -> bool:
        """Whether no money was captured, so that an open invoice may be credited by its rows.

        SAP refuses a memo drawn from an invoice that is paid (sap-service-layer.md 9.2).
        """
        return self.received is not None and not self.received

    def is_refunded(self, total: Money) -> bool:
        """Tell whether nothing is owed any more, and all documents together come to nothing.

        So it is with an order that was called off, and whose money went back afterwards.
        """
        zero = Money.zero(total.currency)
        held = self.totals.total - self._credited(total.currency)
        owing = owed(total, self.received or zero, self.returned or zero)
        return bool(self.returned) and not held and not owing

    def credited_beyond(self, total: Money) -> Money:
        """Return by how much refunds' memos exceed what refunds of such an order credit."""
        zero = Money.zero(total.currency)
        owing = credited_by_refunds(total, self.received or zero, self.returned or zero)
        beyond = self._credited(total.currency) - owing
        return max(beyond, zero, key=lambda money: money.amount)

    def _credited(self, currency: str) -> Money:
        memos = Money.sum((one.totals.total for one in self.refund_memos), currency)
        return memos - Money.sum((one.totals.total for one in self.recharges), currency)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A document that is part of a change, proved, and the totals it must come to."""

    document: SalesDocument
    charged: Totals
    tolerance: Tolerance


def amendments(
    wanted: SalesDocument, charged: Totals, invoiced: Invoiced, tolerance: Tolerance
) -> tuple[Amendment, ...]:
    """Return the credit memo, the invoice or both that make the books agree; none when they do.

    `wanted` is the order as a document, without rows when it was called off; it carries the
    reference and the day of the change. Raises NeedsOperator (EDIT_CONFLICT) for what rows cannot
    express, and Mismatch.
    """
    due = minus(charged, invoiced.totals)
    change = change_between(wanted, invoiced.invoices, invoiced.memos)
    if (not due.total and not change) or invoiced.is_refunded(charged.total):
        return ()
    wide = _over(tolerance, invoiced, wanted)
    beside = _beside_refunds(wanted, charged, change, invoiced, wide)
    if beside is not None:
        return beside
    was = rows_of(invoiced.invoices, invoiced.memos, gross=wanted.gross)
    change = with_a_row(change, was, wanted)
    if any(line.quantity <= 0 for line in change.taken):  # value without a piece: no row holds it
        raise _inexpressible(wanted, charged, invoiced)
    memo, invoice = _documents(wanted, change, invoiced)
    if not memo and not invoice:
        raise _inexpressible(wanted, charged, invoiced)
    return tuple(_proved(memo, invoice, due, wide))


def _beside_refunds(
    wanted: SalesDocument, charged: Totals, change: Change, invoiced: Invoiced, tolerance: Tolerance
) -> tuple[Amendment, ...] | None:
    """Leave out what refunds took back already; None unless the rest comes out even.

    Then the change is posted as a whole, and what the refunds' memos credit too much by then
    their own flow charges again: rows that hold less than their price could not change any more.
    """
    beyond = invoiced.credited_beyond(charged.total)
    change = _not_refunded(change, invoiced.refund_memos)
    if not beyond or any(line.quantity <= 0 for line in change.taken):
        return None
    memo, invoice = _documents(wanted, change, invoiced)
    due = charged.total - invoiced.totals.total + beyond
    told = minus(_come_to(invoice, due), _come_to(memo, due))
    off = abs(due - told.total).amount
    if off > tolerance.tolerance_cap or (off and not memo and not invoice):
        return None
    return tuple(_proved(memo, invoice, replace(told, total=due), tolerance))


def plus(one: Totals, other: Totals) -> Totals:
    """Add two totals part by part."""
    return Totals(one.total + other.total, one.tax + other.tax, one.freight + other.freight)


def minus(one: Totals, other: Totals) -> Totals:
    """Take one total from another part by part."""
    return Totals(one.total - other.total, one.tax - other.tax, one.freight - other.freight)


def _documents(
    wanted: SalesDocument, change: Change, invoiced: Invoiced
) -> tuple[SalesDocument | None, SalesDocument | None]:
    taken = rows_taken_back(
        change.taken, invoiced.invoices, invoiced.memos, by_row=invoiced.is_unpaid
    )
    return (
        _document(wanted, DocumentKind.CREDIT_MEMO, taken, change.taken_freight),
        _document(wanted, DocumentKind.INVOICE, change.added, change.added_freight),
    )


def _document(
    wanted: SalesDocument,
    kind: DocumentKind,
    lines: Sequence[DocumentLine],
    freight: Sequence[Expense],
) -> SalesDocument | None:
    if not lines:
        return None
    return replace(
        wanted,
        kind=kind,
        lines=tuple(lines),
        expenses=tuple(freight),
        rounding=Money.zero(wanted.currency),
    )


def _proved(
    memo: SalesDocument | None, invoice: SalesDocument | None, due: Totals, tolerance: Tolerance
) -> Iterable[Amendment]:
    """Put the cents on the only document, or on the invoice where there are two."""
    back = Totals(-due.total, -due.tax, -due.freight)
    if memo and invoice:
        yield Amendment(memo, back := predicted_totals(memo), tolerance)
        due = plus(due, back)
    elif memo:
        yield Amendment(proved(memo, back, tolerance).document, back, tolerance)
    if invoice:
        yield Amendment(proved(invoice, due, tolerance).document, due, tolerance)


def _over(tolerance: Tolerance, invoiced: Invoiced, wanted: SalesDocument) -> Tolerance:
    """Allow a change what all rows of all documents may be off: roundings meet in it."""
    rows = sum(len(one.rows) + len(one.expenses) for one in (*invoiced.invoices, *invoiced.memos))
    allowed = tolerance.allowed(rows + len(wanted.lines) + len(wanted.expenses))
    return Tolerance(tolerance_per_line=allowed, tolerance_cap=allowed)


def _come_to(document: SalesDocument | None, like: Money) -> Totals:
    nothing = Money.zero(like.currency)
    return predicted_totals(document) if document else Totals(nothing, nothing, nothing)


def _not_refunded(change: Change, refund_memos: Iterable[Standing]) -> Change:
    """Leave out what refunds have taken back already, piece by piece."""
    gone = pieces(row for row in rows_of(refund_memos, (), gross=False).values() if row.item)
    left: list[DocumentLine] = []
    for line in change.taken:
        already = min(gone.get(line.item, Decimal(0)), line.quantity)
        gone[line.item] = gone.get(line.item, Decimal(0)) - already
        if already < line.quantity:
            kept, _ = line.amount.split([line.quantity - already, already])
            left.append(replace(line, quantity=line.quantity - already, amount=kept))
    return replace(change, taken=tuple(left))


def _inexpressible(wanted: SalesDocument, charged: Totals, invoiced: Invoiced) -> NeedsOperator:
    posted = ", ".join(
        f"{one.posted.kind} {one.posted.number}"
        for one in (*invoiced.invoices, *invoiced.memos, *invoiced.refund_memos)
    )
    sides = both_sides("the shop now charges", charged, f"{posted} come to", invoiced.totals)
    msg = f"{wanted.reference}: {sides}, and no row explains the difference"
    fix = (
        f"post the difference in the books with reference {wanted.reference}, then retry the "
        "case, or ignore the case with the document as the reason"
    )
    return NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)
