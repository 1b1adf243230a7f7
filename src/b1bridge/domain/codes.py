"""The short lists of codes that the books keep, and that an order may name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class CodeKind(StrEnum):
    """Which list is meant."""

    FREIGHT = "freight"
    SHIPPING_TYPES = "shipping-types"
    PAYMENT_METHODS = "payment-methods"
    TAX_CODES = "tax-codes"


@dataclass(frozen=True, slots=True)
class Code:
    """One entry; a tax code has a rate, in per cent."""

    code: str
    name: str
    rate: Decimal | None = None
