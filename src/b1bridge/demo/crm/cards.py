"""How one record reads on either side, in the same words, so that sides can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from b1bridge.demo.crm.deals import EURO


def customer_card(name: str, owed: Decimal, late: Decimal, limit: Decimal) -> str:
    """Say who it is, what they owe, how much of it they are late with, and how much they may."""
    return f"{name} owes {owed:.2f}, {late:.2f} of it overdue, limit {limit:.2f}"


def product_card(prices: Iterable[tuple[str, Any]], stock: Any) -> str:
    """Say what it costs by currency, the company's own where none is named, and what there is."""
    told = sorted(f"{price:.2f} {currency or EURO}" for currency, price in prices if price)
    return f"{', '.join(told)}, {Decimal(stock or 0):.0f} in stock"
