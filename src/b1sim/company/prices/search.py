"""The search for a price: the first of four places that knows one wins, not the lowest price.

Order: special price of the partner, discount groups, period and volume discounts of the price
list, the list itself (SAP SDK help, SpecialPrices; correctness-rules.md 3.17).
"""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.prices import groups, special
from b1sim.company.prices.price import Asked, Price
from b1sim.company.shape.values import amount
from b1sim.company.stock import unit_prices

FIRST_LIST = 1


def price_of_line(books: Books, line: Row, partner: Row, day: str) -> Price:
    """Find what a row of a document costs its partner, per unit of the row."""
    price_list = partner.get("ListNum") or FIRST_LIST
    return search(books, line, partner, day, price_list)


def search(books: Books, line: Row, partner: Row, day: str, price_list: int) -> Price:
    """Find a price by an explicit price list."""
    item = books.master("OITM", line["ItemCode"]) or {"ItemCode": line["ItemCode"]}
    listed = _listed(books, line, price_list)
    asked = Asked(item, partner, line["Quantity"], day, price_list, listed)
    return (
        special.of_partner(books, asked)
        or groups.discounted(books, asked)
        or special.of_price_list(books, asked)
        or listed
    )


def _listed(books: Books, line: Row, price_list: int) -> Price:
    sql = "SELECT Price, Currency FROM ITM1 WHERE ItemCode = ? AND PriceList = ?"
    found = books.recall(sql, (line["ItemCode"], price_list)) or {"Price": 0, "Currency": None}
    listing: tuple[Decimal, str | None] = (amount(found["Price"]), found["Currency"])
    return Price(*unit_prices.price_of(books, line, price_list, listing))
