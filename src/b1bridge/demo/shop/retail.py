"""Reads the UCI "Online Retail" file: the real orders of a UK web shop, 2010-12 to 2011-12.

The file is not ours to ship (UCI Machine Learning Repository, CC BY 4.0); a path to it is given.
Its prices are read as GBP including 20 % VAT for the United Kingdom, zero-rated elsewhere.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from b1bridge.demo.shop.carts import Cart, CartLine, Extra
from b1bridge.demo.shop.giving_back import GivenBack, Memory, matched
from b1bridge.errors import NeedsOperator

UK_VAT = Decimal(20)
SHIPPING = {"POST", "DOT", "C2"}
FEES = {
    "M": "Manual",
    "m": "Manual",
    "S": "Samples",
    "D": "Discount",
    "B": "Bad debt",
    "BANK CHARGES": "Bank charges",
    "AMAZONFEE": "Amazon fee",
    "CRUK": "Charity commission",
}
GIFT_PREFIX = "gift_0001_"
CANCELLATION = "C"

_COUNTRY_CODES = {
    "Australia": "AU", "Austria": "AT", "Bahrain": "BH", "Belgium": "BE", "Brazil": "BR",
    "Canada": "CA", "Channel Islands": "JE", "Cyprus": "CY", "Czech Republic": "CZ",
    "Denmark": "DK", "EIRE": "IE", "Finland": "FI", "France": "FR", "Germany": "DE",
    "Greece": "GR", "Hong Kong": "HK", "Iceland": "IS", "Israel": "IL", "Italy": "IT",
    "Japan": "JP", "Lebanon": "LB", "Lithuania": "LT", "Malta": "MT", "Netherlands": "NL",
    "Norway": "NO", "Poland": "PL", "Portugal": "PT", "RSA": "ZA", "Saudi Arabia": "SA",
    "Singapore": "SG", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "USA": "US",
    "United Arab Emirates": "AE", "United Kingdom": "GB",
}  # fmt: skip


@dataclass
class Retail:
    """What was read, in the file's order: carts, and what was given back of earlier ones.

    A cancellation, or what of it no earlier order holds, is a cart with pieces below zero; so
    are the bad-debt corrections, which are finance's to book and no sale.
    """

    carts: list[Cart] = field(default_factory=list)
    given_back: list[GivenBack] = field(default_factory=list)


def read_retail(path: Path, limit: int | None = None) -> Retail:
    """Read at most `limit` carts, and what is given back up to there.

    Raises NeedsOperator when the file is missing or has other columns.
    """
    retail, memory = Retail(), Memory()
    for number, rows in _documents(path):
        cart = _cart(number, rows)
        if number.startswith(CANCELLATION):
            refunds, lines, loose = matched(memory, cart, len(retail.carts))
            retail.given_back.extend(refunds)
            if lines or loose:
                retail.carts.append(_unmatched(cart, lines, loose))
        elif limit is not None and len(retail.carts) >= limit:
            break
        else:
            retail.carts.append(cart)
            memory.remember(cart)
    return retail


def _unmatched(cart: Cart, lines: Sequence[CartLine], loose: Decimal) -> Cart:
    fees = (Extra("Cancelled charge", loose, cart.shipping.rate),) if loose else ()
    nothing = replace(cart.shipping, cost=Decimal(0))
    return replace(cart, lines=tuple(lines), shipping=nothing, fees=fees)


def _documents(path: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Group the lines by document; an invoice's lines need not stand together."""
    documents: dict[str, list[dict[str, str]]] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                documents.setdefault(row["InvoiceNo"], []).append(row)
    except (OSError, KeyError) as error:
        msg = f"{path}: not the Online Retail file ({error!r})"
        fix = "give the path of online_retail.csv.gz with the columns InvoiceNo, StockCode, …"
        raise NeedsOperator(msg, reason="SCHEMA", fix=fix) from error
    yield from documents.items()


def _cart(number: str, rows: list[dict[str, str]]) -> Cart:
    first = rows[0]
    country = first["Country"]
    rate = UK_VAT if country == "United Kingdom" else Decimal(0)
    shopper = first["CustomerID"]
    return Cart(
        number=number,
        placed_at=datetime.fromisoformat(first["InvoiceDate"]).replace(tzinfo=UTC),
        lines=tuple(_lines(rows, rate)),
        shipping=_extra("Shipping", rows, SHIPPING, rate),
        fees=tuple(_fees(rows, rate)),
        email=f"customer-{shopper}@retail.example" if shopper else "",
        name=f"Customer {shopper}" if shopper else "Guest",
        country=_COUNTRY_CODES.get(country, ""),
    )


def _lines(rows: Iterable[dict[str, str]], rate: Decimal) -> Iterator[CartLine]:
    for row in rows:
        code = row["StockCode"]
        if code in SHIPPING or code in FEES:
            continue
        gift = code.startswith(GIFT_PREFIX)
        yield CartLine(
            sku=code,
            name=row["Description"].strip() or code,
            quantity=int(row["Quantity"]),
            price=Decimal(row["UnitPrice"]),
            rate=Decimal(0) if gift else rate,  # selling a gift card is a liability, not a sale
            gift_certificate=gift,
        )


def _extra(name: str, rows: list[dict[str, str]], codes: set[str], rate: Decimal) -> Extra:
    cost = sum((_amount(row) for row in rows if row["StockCode"] in codes), Decimal(0))
    return Extra(name, cost, rate)


def _fees(rows: list[dict[str, str]], rate: Decimal) -> Iterator[Extra]:
    for name in dict.fromkeys(FEES.values()):
        codes = {code for code, fee in FEES.items() if fee == name}
        if any(row["StockCode"] in codes for row in rows):
            yield _extra(name, rows, codes, rate)


def _amount(row: dict[str, str]) -> Decimal:
    return Decimal(row["UnitPrice"]) * int(row["Quantity"])
