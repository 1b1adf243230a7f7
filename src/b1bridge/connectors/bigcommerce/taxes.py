"""Which tax lies on which line: BigCommerce keeps it apart from the lines (storefronts.md 1.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from b1bridge.connectors.bigcommerce.wire import ZERO, WireTax
from b1bridge.domain.money import rounded

UNTAXED = "no tax"

Rate = tuple[str, Decimal]
"""What the shop calls a rate, and its per cent."""


def rows_by_line(taxes: Sequence[WireTax]) -> dict[int, list[WireTax]]:
    """Return the tax rows that name a line, by the line's id."""
    found: dict[int, list[WireTax]] = {}
    for row in taxes:
        if row.order_product_id.isdecimal() and row.line_item_type in {"item", ""}:
            found.setdefault(int(row.order_product_id), []).append(row)
    return found


def rows_of_charge(taxes: Sequence[WireTax], kind: str) -> list[WireTax]:
    """Return the tax rows of shipping, handling or gift-wrapping."""
    return [row for row in taxes if row.line_item_type == kind]


def rate_of(rows: Iterable[WireTax]) -> Rate | None:
    """Name the rate of some rows; several at once (state and county) add up.

    One name often stands for several rates, one per tax class, so the rate is part of the code.
    """
    known = dict.fromkeys((row.name, row.rate) for row in rows if row.rate)
    if not known:
        return None
    code = " + ".join(_code(name, rate) for name, rate in known)
    return code, sum((rate for _, rate in known), ZERO)


def guessed_rate(taxes: Sequence[WireTax], net: Decimal, tax: Decimal) -> Rate:
    """Find the rate that explains a tax which no row claims: the nearest one on the order.

    Automatic tax services leave rows that name no line.
    """
    if not tax or not net:
        return UNTAXED, ZERO
    implied = rounded(tax / net * 100)
    known = {row.rate: row.name for row in taxes if row.rate}
    if not known:
        return _code("Tax", implied), implied
    rate = min(known, key=lambda rate: abs(rate - implied))
    return _code(known[rate], rate), rate


def _code(name: str, rate: Decimal) -> str:
    percent = f"{rate.normalize():f}%"
    return name if name.endswith(percent) else f"{name} {percent}".strip()
