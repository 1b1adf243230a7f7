"""Settling what a payment names, and finding out what of it stays on account.

An item in the payment's own currency is settled by AppliedFC at the item's rate, any other by
SumApplied at home (guess: SumApplied is always local). What we owe the partner counts against the
payment whatever sign was sent (guess).
"""

from dataclasses import dataclass, field
from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.payments.kinds import PaymentKind
from b1sim.company.payments.open_items import OpenItem, find
from b1sim.company.payments.refusals import overapplied, partly_used
from b1sim.company.refusals import invoice_closed, not_simulated
from b1sim.company.rules import branches
from b1sim.company.shape.intake import Intake
from b1sim.company.shape.values import rounded

ZERO = Decimal(0)
_DISCOUNTS = ("Dcount", "DcntSum")


@dataclass
class Applied:
    """What a payment settles: its rows, and the sums in its own currency and at home."""

    rows: list[Row] = field(default_factory=list)
    used: Decimal = ZERO
    local: Decimal = ZERO
    booked: Decimal = ZERO
    """How much of it stands in the ledger: a down payment request does not."""


def apply(
    books: Books, kind: PaymentKind, header: Row, sent: list[Intake], paid: Decimal
) -> Applied:
    """Settle the named items; Refusal when they are closed or need more than was paid."""
    found = Applied()
    for position, intake in enumerate(sent):
        row = {c: v for c, v in intake.columns.items() if v is not None}
        row |= {"DocNum": header["DocEntry"], "InvoiceId": position, "Extra": intake.extra}
        if any(row.get(column) for column in _DISCOUNTS):
            what = "cash discounts of payments"
            raise not_simulated(what)
        item = find(books, kind, header["CardCode"], row)
        branches.check_same(books, kind.header, header, item.branch)
        used = _settle(kind, header, row, item)
        sign = item.side * kind.sign
        found.used += sign * used
        found.local += sign * row["SumApplied"]
        found.booked += sign * row["SumApplied"] if item.booked else ZERO
        found.rows.append(row)
    if not ZERO <= found.used <= paid:
        raise overapplied(kind.applied, found.used, paid)
    return found


def _settle(kind: PaymentKind, header: Row, row: Row, item: OpenItem) -> Decimal:
    """Settle one item and return what that takes of the payment, in the payment's currency."""
    if not item.is_open:
        raise invoice_closed()
    if item.foreign and item.currency == header["DocCurr"]:
        return _settle_foreign(kind, row, item)
    local = rounded(abs(row.get("SumApplied") or item.local))
    if local > item.local:
        raise overapplied(kind.applied, local, item.local)
    foreign = item.foreign if local == item.local else rounded(local / item.rate)
    row |= {"SumApplied": local, "AppliedSys": local}
    item.settle(local, foreign if item.foreign else ZERO)
    if item.foreign:
        row["AppliedFC"] = foreign
    return rounded(local / header["DocRate"])


def _settle_foreign(kind: PaymentKind, row: Row, item: OpenItem) -> Decimal:
    foreign = rounded(abs(row.get("AppliedFC") or item.foreign))
    if foreign > item.foreign:
        raise overapplied(kind.applied, foreign, item.foreign)
    local = item.local if foreign == item.foreign else rounded(foreign * item.rate)
    row |= {"AppliedFC": foreign, "SumApplied": local, "AppliedSys": local}
    item.settle(local, foreign)
    return foreign


def reopen(books: Books, kind: PaymentKind, header: Row, rows: list[Row]) -> None:
    """Give back what a cancelled payment had settled."""
    for row in rows:
        item = find(books, kind, header["CardCode"], row)
        if item.free is not None and row["SumApplied"] > item.free:
            raise partly_used()
        item.settle(-row["SumApplied"], -(row["AppliedFC"] or ZERO))
