"""What an order comes to, in both tax modes.

Only the side that prices are entered in is exact (storefronts.md 1.4): the line total on that
side is rounded to the currency, discounts come off it, and the other side is worked out from what
is left, line by line; tax is what stands between the two. That lines round one by one, and that the
estimate is rounded and not the tax, are modelling choices; the published texts do not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from .records import ZERO, Line, Order, Surcharge

CENT = Decimal("0.01")
_NO_MINOR_UNITS = {"CLP", "ISK", "JPY", "KRW", "PYG", "VND"}


def cent_of(currency: str) -> Decimal:
    """Return the smallest amount the currency is settled in."""
    return Decimal(1) if currency in _NO_MINOR_UNITS else CENT


@dataclass(frozen=True, slots=True)
class Amounts:
    """One amount on both sides of its tax."""

    ex_tax: Decimal
    inc_tax: Decimal

    @property
    def tax(self) -> Decimal:
        """The tax between the two sides."""
        return self.inc_tax - self.ex_tax


@dataclass(frozen=True, slots=True)
class Totals:
    """What an order comes to."""

    subtotal: Amounts
    total: Amounts


def taxed(entered: Decimal, rate: Decimal, cent: Decimal, *, inclusive: bool) -> Amounts:
    """Put tax on an amount, or take it out, as the store prices."""
    exact = entered.quantize(cent, ROUND_HALF_UP)
    if inclusive:
        estimate = (exact * 100 / (100 + rate)).quantize(cent, ROUND_HALF_UP)
        return Amounts(estimate, exact)
    return Amounts(exact, exact + (exact * rate / 100).quantize(cent, ROUND_HALF_UP))


def before_discount(order: Order, line: Line) -> Amounts:
    """Return `total_ex_tax` and `total_inc_tax` of a line: before order-level discounts."""
    entered = line.price * line.quantity
    return taxed(entered, line.rate, cent_of(order.currency), inclusive=order.inclusive)


def after_discount(order: Order, line: Line) -> Amounts:
    """Return what the shopper pays for a line."""
    cent = cent_of(order.currency)
    entered = (line.price * line.quantity).quantize(cent, ROUND_HALF_UP)
    left = entered - sum((d.amount for d in line.discounts), ZERO)
    return taxed(left, line.rate, cent, inclusive=order.inclusive)


def charged(order: Order, surcharge: Surcharge) -> Amounts:
    """Return a surcharge on both sides of its tax; shipping coupons come off shipping."""
    cost = surcharge.cost
    if surcharge is order.shipping:
        cost -= sum((c.discount for c in order.coupons if c.type in {3, 4}), ZERO)
    return taxed(cost, surcharge.rate, cent_of(order.currency), inclusive=order.inclusive)


def totals_of(order: Order) -> Totals:
    """Add an order up."""
    before = [before_discount(order, line) for line in order.lines]
    parts = [after_discount(order, line) for line in order.lines]
    surcharges = (order.shipping, order.handling, order.wrapping, *order.fees)
    parts += [charged(order, surcharge) for surcharge in surcharges]
    return Totals(_added(before), _added(parts))


def shares(total: Decimal, weights: Sequence[Decimal], cent: Decimal) -> list[Decimal]:
    """Spread an order-level discount over lines by price; the cents go to the largest rests."""
    whole = sum(weights, ZERO)
    if whole <= 0:
        return [ZERO for _ in weights]
    exact = [total * weight / whole for weight in weights]
    parts = [share.quantize(cent, ROUND_FLOOR) for share in exact]
    left = int((total - sum(parts, ZERO)) / cent)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:left]:
        parts[i] += cent
    return parts


def _added(parts: Sequence[Amounts]) -> Amounts:
    return Amounts(sum((p.ex_tax for p in parts), ZERO), sum((p.inc_tax for p in parts), ZERO))
