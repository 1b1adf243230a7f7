"""The proof that a document comes to what the shop charged, before and after posting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.domain.documents import SalesDocument, Totals
from b1bridge.domain.identity import Posted
from b1bridge.domain.money import Money
from b1bridge.domain.tax import predicted_totals
from b1bridge.errors import Mismatch


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """How far two correct ways of rounding may stand apart (correctness-rules 3.1 rule 3)."""

    tolerance_per_line: Decimal = Decimal("0.01")
    tolerance_cap: Decimal = Decimal("0.05")

    def allowed(self, rows: int) -> Decimal:
        """Return the most that a document of so many rows may be off."""
        return min(self.tolerance_per_line * rows, self.tolerance_cap)


@dataclass(frozen=True, slots=True)
class Proved:
    """A document that will come to the shop's total; `note` says what was done to get there."""

    document: SalesDocument
    note: str


def proved(document: SalesDocument, charged: Totals, tolerance: Tolerance) -> Proved:
    """Add the rounding that makes the document exact; Mismatch when it is more than rounding."""
    predicted = predicted_totals(document)
    allowed = tolerance.allowed(_rows(document))
    off = charged.total - predicted.total
    if _within(charged, predicted, allowed):
        return Proved(
            replace(document, rounding=document.rounding + off), _note(off, charged, predicted)
        )
    sides = both_sides("shop", charged, "books would come to", predicted)
    msg = f"{document.reference}: {sides}; rounding explains {allowed} of {_rows(document)} rows"
    fix = (
        "compare tax codes, rates and price mode of shop and books; correct the crosswalk or the "
        "order, or raise the sync's tolerance_cap for an order this long, then retry the case"
    )
    raise Mismatch(msg, fix=fix)


def confirm(
    posted: Posted,
    document: SalesDocument,
    charged: Totals,
    booked: Totals,
    tolerance: Tolerance,
) -> str:
    """Check what the books came to; return a note, or raise Mismatch.

    The total must be exact by now. Tax and freight may be rounded another way.
    """
    if agree(charged, booked, tolerance.allowed(_rows(document))):
        return _tax_note(charged, booked)
    name = f"{posted.kind} {posted.number}"
    msg = f"{document.reference}: {both_sides('shop', charged, f'{name} came to', booked)}"
    fix = f"correct the crosswalk, cancel or correct {name} in the books, then retry the case"
    raise Mismatch(msg, fix=fix)


def agree(charged: Totals, booked: Totals, allowed: Decimal) -> bool:
    """Tell whether the books hold what the shop charges: the total exactly, parts as rounded."""
    return charged.total.amount == booked.total.amount and _within(charged, booked, allowed)


def both_sides(one: str, left: Totals, other: str, right: Totals) -> str:
    """Lay two totals side by side, to the cent."""
    return f"{one} {_told(left)}; {other} {_told(right)}"


def _told(totals: Totals) -> str:
    return f"{totals.total} (tax {totals.tax}, freight {totals.freight})"


def _rows(document: SalesDocument) -> int:
    return len(document.lines) + len(document.expenses)


def _within(charged: Totals, other: Totals, allowed: Decimal) -> bool:
    pairs = (
        (charged.total, other.total),
        (charged.tax, other.tax),
        (charged.freight, other.freight),
    )
    return all(abs(one - two).amount <= allowed for one, two in pairs)


def _note(off: Money, charged: Totals, predicted: Totals) -> str:
    if not off:
        return _tax_note(charged, predicted)
    return (
        f"{off} rounding: the shop charged {charged.total} (tax {charged.tax}), "
        f"SAP's own rounding gives {predicted.total} (tax {predicted.tax})"
    )


def _tax_note(charged: Totals, booked: Totals) -> str:
    if charged.tax.amount == booked.tax.amount:
        return ""
    return f"same total; tax is {charged.tax} in the shop and {booked.tax} in the books"
