"""What a customer was charged, held against the price that the books would have asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.directory import CustomerPrice
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderLine

PRICE_DIFF = "PRICE_DIFF"
_HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class PricePolicy:
    """`price_tolerance` is in per cent of the books' price; without one nothing is compared."""

    price_tolerance: Decimal | None = None


def price_note(item: str, line: OrderLine, books: CustomerPrice | None, tolerance: Decimal) -> str:
    """Name the difference of one piece after all discounts, or say nothing.

    The charged price stands whatever the books say (correctness-rules 3.17).
    """
    charged = _charged(line, includes_tax=books is not None and books.includes_tax)
    if books is None:
        return f"{PRICE_DIFF}: the books know no price of {item}, charged {charged}"
    asked = Money(books.asked, books.currency)
    if asked.currency != charged.currency:
        return f"{PRICE_DIFF}: {item} is charged {charged}, and the books ask {asked}"
    off = abs(charged - asked).rounded()
    if off.amount * _HUNDRED <= asked.amount * tolerance:
        return ""
    side = "with" if books.includes_tax else "without"
    return f"{PRICE_DIFF}: {item} is charged {charged}, the books ask {asked} ({side} tax)"


def _charged(line: OrderLine, *, includes_tax: bool) -> Money:
    amount = line.gross if includes_tax else line.net
    return Money(amount.amount / line.quantity, amount.currency)
