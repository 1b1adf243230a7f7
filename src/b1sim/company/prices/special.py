"""Special prices: of one partner, or of everybody who buys by a price list.

A record holds a price, or a discount on its price list; periods of it may say something else, and
quantities within a period something else again (SAP SDK help, SpecialPrices).
"""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.prices.price import Asked, Price
from b1sim.company.shape.values import amount


def of_partner(books: Books, asked: Asked) -> Price | None:
    """Find the special price of one partner."""
    return _special(books, asked, asked.partner.get("CardCode") or "")


def of_price_list(books: Books, asked: Asked) -> Price | None:
    """Find the period and volume discounts of a price list."""
    return _special(books, asked, f"*{asked.price_list}")


def _special(books: Books, asked: Asked, code: str) -> Price | None:
    if books.is_empty("OSPP"):
        return None
    key = (asked.item["ItemCode"], code)
    found = books.row("SELECT * FROM OSPP WHERE ItemCode = ? AND CardCode = ?", key)
    if found is None or found["Valid"] != "Y":
        return None
    if not _covers(found["ValidFrom"], asked.day, found["ValidTo"]):
        return None
    return _price(asked, _volume(books, asked, key) or found)


def _volume(books: Books, asked: Asked, key: tuple[str, str]) -> Row | None:
    """Find the row of the period that covers the day, or of the quantity within it."""
    sql = "SELECT * FROM SPP1 WHERE ItemCode = ? AND CardCode = ? ORDER BY FromDate DESC"
    periods = books.rows(sql, key)
    period = next((p for p in periods if _covers(p["FromDate"], asked.day, p["ToDate"])), None)
    if period is None:
        return None
    sql = """SELECT * FROM SPP2 WHERE ItemCode = ? AND CardCode = ? AND SPP1LNum = ?
        AND Amount <= ? ORDER BY Amount DESC"""
    scale = books.row(sql, (*key, period["LINENUM"], float(asked.quantity)))
    return scale or period


def _covers(start: str | None, day: str, end: str | None) -> bool:
    return (start or "") <= day <= (end or "9999-12-31")


def _price(asked: Asked, row: Row) -> Price:
    """Take the price that was entered, or the discount on the list's price.

    Guess: an entered price shows without a discount, since nothing recorded says how a row of a
    document splits it.
    """
    if row["Price"] is not None:
        currency = row["Currency"] or asked.listed.currency
        return Price(Decimal(str(row["Price"])), currency)
    return Price(asked.listed.before, asked.listed.currency, amount(row["Discount"]))
