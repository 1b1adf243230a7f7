"""The rate that the shop charged against the rate behind the books' tax code, before posting.

A code of the wrong rate makes a document that is wrong in every column; read back, it is too late
(correctness-rules 3.1 rule 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.orders import Charge, Order, OrderLine
from b1bridge.domain.sales_documents import tax_code
from b1bridge.errors import Mismatch, Unmapped


def tax_codes_used(order: Order, crosswalk: Crosswalk) -> set[str]:
    """Return the books' tax codes that a document of this order needs; Unmapped if one lacks."""
    return {tax_code(part.tax, crosswalk, place) for place, part in _taxed(order)}


def check_rates(order: Order, crosswalk: Crosswalk, rates: Mapping[str, Decimal]) -> None:
    """Raise Mismatch (TAX_RATE) with both rates where a code is not what the shop charged.

    `rates` in per cent by code; a code that the books do not have is Unmapped (TAX_MAP).
    """
    for place, part in _taxed(order):
        code = tax_code(part.tax, crosswalk, place)
        if code not in rates:
            raise unknown_tax_code(code, place, of_books=part.tax.of_books)
        if rates[code] != part.tax.rate:
            raise _another_rate(part, code, rates[code], place)


def _taxed(order: Order) -> Iterator[tuple[str, OrderLine | Charge]]:
    """Yield what bears a rate, and where it stands; what costs nothing bears none."""
    for line in order.lines:
        if line.gross:
            yield f"{order.ref} line {line.id}", line
    for charge in order.charges:
        if charge.gross:
            yield f"{order.ref} charge '{charge.name}'", charge


def _another_rate(part: OrderLine | Charge, code: str, rate: Decimal, place: str) -> Mismatch:
    charged, named = _percent(part.tax.rate), part.tax.code or f"{part.tax.rate.normalize():f}"
    msg = f"{place}: the shop charged {charged} ('{named}'), tax code {code} is {_percent(rate)}"
    fix = (
        f"enter the code of {charged} for '{named}' in the tax crosswalk, or correct the tax in "
        "the shop, then retry the case"
    )
    if part.tax.of_books:
        fix = (
            f"send the order again with another tax code than {code}, or without a rate of its own"
        )
    return Mismatch(msg, reason="TAX_RATE", fix=fix)


def unknown_tax_code(code: str, place: str, *, of_books: bool) -> Unmapped:
    """Say that the books lack a code, which the order named itself where it is `of_books`."""
    msg = f"{place}: the books have no tax code '{code}' for sales, or it is inactive"
    fix = f"send the order again with a tax code of the books, or add '{code}' there, then retry"
    if of_books:
        return Unmapped(msg, reason="TAX_MAP", fix=fix)
    fix = f"enter another code than '{code}' in the tax crosswalk, or add it there, then retry"
    return Unmapped(msg, reason="TAX_MAP", fix=fix)


def _percent(rate: Decimal) -> str:
    return f"{rate.normalize():f} %"
