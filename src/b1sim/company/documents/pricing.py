"""Row amounts in the document's currency: from what was sent, or from the price list."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.prices import search
from b1sim.company.rules import currency
from b1sim.company.shape.values import rounded

GROSS = ("GTotal", "PriceAfVAT", "GPBefDisc")
NET = ("LineTotal", "TotalFrgn", "Price", "PriceBefDi")


def price(books: Books, line: Row, header: Row, rate: Decimal) -> None:
    """Set prices and the row total; net or gross depends on which field was sent.

    SAP over-constrains when Price and LineTotal come together; that the total wins is a guess.
    """
    if not any(line.get(column) is not None for column in (*GROSS, *NET)):
        _take_list_price(books, line, header)
    line["GrossInput"] = "Y" if any(line.get(c) is not None for c in GROSS) else "N"
    if line["GrossInput"] == "Y":
        _gross(books, line, rate)
    else:
        _net(books, line)


def _net(books: Books, line: Row) -> None:
    quantity, settings = line["Quantity"], books.settings
    total = line.get("LineTotal", line.get("TotalFrgn"))
    if total is not None:
        total = rounded(total, settings.amount_decimals)
        line["Price"] = _of_total(books, line, "PriceBefDi", total)
    elif line.get("Price") is None:
        line["Price"] = _after_discount(line["PriceBefDi"], line, settings.price_decimals)
    if total is None:
        total = rounded(line["Price"] * quantity, settings.amount_decimals)
    _set_before_discount(line, "PriceBefDi", line["Price"], settings.price_decimals)
    line["TotalFrgn"] = total


def _gross(books: Books, line: Row, rate: Decimal) -> None:
    quantity, settings = line["Quantity"], books.settings
    if line.get("GTotal") is not None:
        total = rounded(line["GTotal"], settings.amount_decimals)
        line["PriceAfVAT"] = _of_total(books, line, "GPBefDisc", total)
    else:
        if line.get("PriceAfVAT") is None:
            line["PriceAfVAT"] = _after_discount(line["GPBefDisc"], line, settings.price_decimals)
        total = rounded(line["PriceAfVAT"] * quantity, settings.amount_decimals)
    _set_before_discount(line, "GPBefDisc", line["PriceAfVAT"], settings.price_decimals)
    line["Price"] = rounded(line["PriceAfVAT"] / (1 + rate), settings.price_decimals)
    line["PriceBefDi"] = rounded(line["GPBefDisc"] / (1 + rate), settings.price_decimals)
    line["GTotalFC"] = total


def _of_total(books: Books, line: Row, column: str, total: Decimal) -> Decimal:
    """Find the price per unit of a total: the one its price and discount make, where they do."""
    before, settings = line.get(column), books.settings
    if before is not None and line.get("DiscPrcnt") is not None:
        price = _after_discount(before, line, settings.price_decimals)
        if rounded(price * line["Quantity"], settings.amount_decimals) == total:
            return price
    return rounded(total / line["Quantity"], settings.price_decimals)


def _after_discount(before: Decimal, line: Row, decimals: int) -> Decimal:
    return rounded(before * (1 - (line.get("DiscPrcnt") or Decimal(0)) / 100), decimals)


def _set_before_discount(line: Row, column: str, after: Decimal, decimals: int) -> None:
    """Let price before discount, discount and price after discount agree."""
    percent = line.get("DiscPrcnt")
    before = line.get(column)
    if before is None:
        kept = 1 - (percent or Decimal(0)) / 100
        line[column] = rounded(after / kept, decimals) if kept else after
        line["DiscPrcnt"] = percent or Decimal(0)
    elif percent is not None and after == _after_discount(before, line, decimals):
        return
    elif before:
        line["DiscPrcnt"] = rounded((1 - after / before) * 100, decimals)
    else:
        line["DiscPrcnt"] = Decimal(0)


def _take_list_price(books: Books, line: Row, header: Row) -> None:
    partner = books.master("OCRD", header["CardCode"]) or {}
    price = search.price_of_line(books, line, partner, header["DocDate"])
    listed = books.master("OPLN", partner.get("ListNum") or search.FIRST_LIST) or {}
    value = _in_currency(books, price.before, price.currency, header)
    line["GPBefDisc" if listed.get("IsGrossPrice") == "Y" else "PriceBefDi"] = value
    if price.discount and not line.get("DiscPrcnt"):
        line["DiscPrcnt"] = price.discount


def _in_currency(books: Books, value: Decimal, own: str | None, header: Row) -> Decimal:
    own = own or books.settings.local_currency
    if own == header["DocCur"]:
        return value
    at_home = value * currency.rate_of(books, own, header["DocDate"])
    return rounded(at_home / header["DocRate"], books.settings.price_decimals)
