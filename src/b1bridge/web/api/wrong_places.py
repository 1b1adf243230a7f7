"""Which field of an order a case is about, where its reason and its words tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from b1bridge.web.api.exact_bodies import pointer_of
from b1bridge.web.problems import WrongField

_FIELD_OF = {
    "TOTAL_MISMATCH": "/total",
    "UNKNOWN_AMOUNT": "/total",
    "CURRENCY": "/currency",
    "RATE_MISSING": "/currency",
    "MISSING_CUSTOMER": "/customer/account",
    "PARTNER_FROZEN": "/customer/account",
    "CREDIT_HOLD": "/customer",
    "AMBIGUOUS_CUSTOMER": "/customer",
    "NO_PARTNER": "/customer/email",
}
_OF_ITEMS = {
    "MISSING_ITEM",
    "ITEM_FROZEN",
    "NOT_A_SALES_ITEM",
    "BATCH_NEEDED",
    "SERIAL_NEEDED",
    "BATCH_SHORT",
    "STOCK_SHORT",
    "UNIT",
}
_OF_TAX = {"TAX_MAP", "TAX_RATE"}


def wrong_places(reason: str, message: str, order: Mapping[str, Any]) -> tuple[WrongField, ...]:
    """Point to what a case names; to nothing rather than to what may be right."""
    if reason in _OF_ITEMS:
        places = _named(order, "lines", "item", message)
    elif reason in _OF_TAX:
        taxed = ("lines", "charges")
        places = (place for rows in taxed for place in _named(order, rows, "tax_code", message))
    elif reason == "FREIGHT_MAP":
        places = _named(order, "charges", "name", message)
    elif reason == "PAYMENT_METHOD_MAP":
        places = _named(order, "payments", "method", message)
    else:
        places = iter([_FIELD_OF[reason]] if reason in _FIELD_OF else [])
    return tuple(WrongField(place, message) for place in places)


def _named(order: Mapping[str, Any], rows: str, field: str, message: str) -> Iterator[str]:
    """Point to the rows whose field stands in the message as a word of its own."""
    words = {word.strip("'\"“”,;:().") for word in message.split()}
    for number, row in enumerate(order.get(rows, ())):
        value = str(row.get(field, ""))
        if value and (value in words or f"'{value}'" in message):
            yield pointer_of(rows, number, field)
