"""Prices per unit: a case may cost something else than its pieces (ITM9; SAP SDK help, AIT9).

A list's price is for one base unit (guess: SAP has a pricing unit per item). A unit without a
price of its own costs as much as its pieces; a list made from another takes that one's unit prices
times its factor (guess).
"""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.shape.values import amount, rounded
from b1sim.company.stock.units import MANUAL

ONE = Decimal(1)
Price = tuple[Decimal, str | None]


def price_of(books: Books, line: Row, price_list: int, listed: Price) -> Price:
    """Return the price of the row's unit; `listed` is what the list says of one base unit."""
    if line.get("UomEntry") in (None, MANUAL) and line["NumPerMsr"] == 1:
        return listed
    own = _own(books, line, price_list)
    return own or (rounded(listed[0] * line["NumPerMsr"], 6), listed[1])


def _own(books: Books, line: Row, price_list: int) -> Price | None:
    sql = """SELECT Price, Currency FROM ITM9
        WHERE ItemCode = ? AND PriceList = ? AND UomEntry = ?"""
    found = books.row(sql, (line["ItemCode"], price_list, line["UomEntry"]))
    if found is not None and found["Price"] is not None:
        return amount(found["Price"]), found["Currency"]
    listed = books.master("OPLN", price_list) or {}
    base = listed.get("BASE_NUM")
    if base in (None, price_list):
        return None
    below = _own(books, line, base)
    factor = amount(listed["Factor"]) or ONE
    return None if below is None else (rounded(below[0] * factor), below[1])
