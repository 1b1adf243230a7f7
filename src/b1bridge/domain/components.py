"""Money that a shop puts into a total beside lines and charges: it is named, or it is a case.

A component of a total that nobody knows must not vanish into rounding, nor into a row that
silently balances the document (correctness-rules 3.1 rule 3, 3.4).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Charge, Component, Order, OrderLine, Tax
from b1bridge.errors import NeedsOperator


def with_components(order: Order, freight: Crosswalk) -> Order:
    """Take components that the freight crosswalk knows as untaxed charges, where they are needed.

    Raises NeedsOperator (UNKNOWN_AMOUNT) naming those it does not know, when lines and charges
    do not come to the total without them.
    """
    parts: tuple[OrderLine | Charge, ...] = (*order.lines, *order.charges)
    off = order.total - Money.sum((part.gross for part in parts), order.currency)
    if not off or not order.components:
        return order
    unknown = [one for one in order.components if freight.find(one.name) is None]
    if unknown:
        raise _unknown(order, off, unknown)
    charges = tuple(_charge(one) for one in order.components)
    added = Money.sum((charge.net for charge in charges), order.currency)
    return replace(
        order, charges=(*order.charges, *charges), charge_total=order.charge_total + added
    )


def _charge(one: Component) -> Charge:
    untaxed = Tax("", Decimal(0), Money.zero(one.amount.currency))
    return Charge(one.name, one.amount, untaxed, one.amount)


def _unknown(order: Order, off: Money, unknown: list[Component]) -> NeedsOperator:
    named = ", ".join(f"'{one.name}' {one.amount}" for one in unknown)
    first = unknown[0].name
    msg = (
        f"{order.ref}: the shop charged {order.total}, lines and charges come to "
        f"{order.total - off}; the order also names {named}"
    )
    fix = (
        f"enter the freight that '{first}' is booked on in the freight crosswalk, or correct the "
        "order in the shop, then retry the case"
    )
    return NeedsOperator(msg, reason="UNKNOWN_AMOUNT", fix=fix)
