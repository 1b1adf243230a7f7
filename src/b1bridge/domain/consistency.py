"""A shop that contradicts itself: what was charged stands, the lines are made to fit it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.domain.money import Money
from b1bridge.domain.orders import Charge, Order, OrderLine
from b1bridge.domain.proof import Tolerance
from b1bridge.errors import Mismatch


@dataclass(frozen=True, slots=True)
class Consistent:
    """An order whose parts sum to its totals; `note` says what had to be moved."""

    order: Order
    note: str


def consistent(order: Order, tolerance: Tolerance) -> Consistent:
    """Put the shop's own cents onto the largest line of the rate (correctness-rules 3.1 rule 5).

    Raises Mismatch when the parts are further off than rounding explains: UNKNOWN_AMOUNT when
    the total is, TOTAL_MISMATCH when its tax alone is.
    """
    off, tax_off = _differences(order)
    if not off and not tax_off:
        return Consistent(order, "")
    allowed = tolerance.allowed(len(order.lines) + len(order.charges))
    if not order.lines or max(abs(off).amount, abs(tax_off).amount) > allowed:
        unknown = not order.lines or abs(off).amount > allowed
        raise _contradiction(order, off, tax_off, unknown=unknown)
    return Consistent(_moved(order, off, tax_off), _note(order, off, tax_off))


def _differences(order: Order) -> tuple[Money, Money]:
    """Return how much the order's total and its tax are above the sum of the parts."""
    parts: tuple[OrderLine | Charge, ...] = (*order.lines, *order.charges)
    gross = Money.sum((part.gross for part in parts), order.currency)
    tax = Money.sum((part.tax.amount for part in parts), order.currency)
    return order.total - gross, order.tax_total - tax


def _moved(order: Order, off: Money, tax_off: Money) -> Order:
    at = _largest(order.lines, taxed=bool(tax_off))
    line = order.lines[at]
    fitted = replace(
        line,
        gross=line.gross + off,
        tax=replace(line.tax, amount=line.tax.amount + tax_off),
        net=line.net + off - tax_off,
    )
    return replace(order, lines=(*order.lines[:at], fitted, *order.lines[at + 1 :]))


def _largest(lines: tuple[OrderLine, ...], *, taxed: bool) -> int:
    """Return the line that bears a cent most easily; a cent of tax needs a line with a rate."""

    def weight(at: int) -> tuple[bool, Decimal, int]:
        line = lines[at]
        return bool(line.tax.rate) or not taxed, line.gross.amount, -at

    return max(range(len(lines)), key=weight)


def _note(order: Order, off: Money, tax_off: Money) -> str:
    line = order.lines[_largest(order.lines, taxed=bool(tax_off))]
    return (
        f"the shop's parts and totals differ by {off} ({tax_off} of it tax); "
        f"what was charged stands, line {line.id} ({line.sku}) takes the difference"
    )


def _contradiction(order: Order, off: Money, tax_off: Money, *, unknown: bool) -> Mismatch:
    msg = (
        f"{order.ref}: the shop contradicts itself: it charged {order.total} "
        f"(tax {order.tax_total}), its lines and charges sum to {order.total - off} "
        f"(tax {order.tax_total - tax_off})"
    )
    if unknown:
        msg = f"{msg}; what the other {off} is for is said nowhere"
    reason = "UNKNOWN_AMOUNT" if unknown else None
    return Mismatch(msg, reason=reason, fix="correct the order in the shop, then retry the case")
