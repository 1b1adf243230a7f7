"""What lines of a deal come to, and the deal with them (pipedrive-whatsapp.md 1.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
_CENT = Decimal("0.01")


def sum_of(line: Mapping[str, Any]) -> Decimal:
    """Work out the sum of a line; a tax on top is part of it, and halves go up (both guesses)."""
    amount = _amount_of(line)
    if line["tax_method"] == "exclusive":
        amount += amount * Decimal(line["tax"]) / _HUNDRED
    return amount.quantize(_CENT, ROUND_HALF_UP)


def worth_of(lines: Sequence[Mapping[str, Any]], discounts: Iterable[Mapping[str, Any]]) -> Decimal:
    """Work out what a deal comes to.

    Guess: discounts of the whole deal are taken off what its lines come to as they are priced,
    before a tax on top, which shrinks with it.
    """
    total = sum((line["sum"] for line in lines), _ZERO)
    priced = sum((_amount_of(line) for line in lines), _ZERO)
    off = sum((_off(one, priced) for one in discounts), _ZERO)
    left = total * (priced - off) / priced if priced else total - off
    return left.quantize(_CENT, ROUND_HALF_UP)


def _amount_of(line: Mapping[str, Any]) -> Decimal:
    amount = Decimal(line["item_price"]) * Decimal(line["quantity"])
    if line["discount_type"] == "percentage":
        return amount - amount * Decimal(line["discount"]) / _HUNDRED
    return amount - Decimal(line["discount"])


def _off(discount: Mapping[str, Any], priced: Decimal) -> Decimal:
    amount = Decimal(discount["amount"])
    return priced * amount / _HUNDRED if discount["type"] == "percentage" else amount
