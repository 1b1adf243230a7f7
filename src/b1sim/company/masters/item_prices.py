"""Prices of items in lists: entered, or computed from a base list by a factor and rounded.

Every item has a price in every list. The methods of rounding are SAP's enum (BoRoundingMethod,
BoRoundingRule); that two decimals are kept without one, and what a fixed ending counts from (the
next power of ten), are guesses.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from b1sim.company.books import Books, Row, extra_of
from b1sim.company.shape.values import amount, rounded

_STEPS = {"1": Decimal("0.1"), "2": Decimal(1), "3": Decimal(10)}
_ENDING, _INTERVAL = "4", "5"
_RULES = {"F": ROUND_FLOOR, "R": ROUND_HALF_UP, "C": ROUND_CEILING}
_ZERO = Decimal(0)


def fill_item(books: Books, item: str) -> None:
    """Give an item its price in every list, those computed from others after them."""
    sql = "SELECT PriceList, Price FROM ITM1 WHERE ItemCode = ?"
    prices = {row["PriceList"]: amount(row["Price"]) for row in books.rows(sql, (item,))}
    lists = {row["ListNum"]: row for row in books.rows("SELECT * FROM OPLN")}
    missing = [number for number in lists if number not in prices or _is_derived(lists[number])]
    _write(books, lists, [(item, n, _price(lists, prices, n)) for n in missing])


def fill_list(books: Books, number: int) -> None:
    """Give every item its price in a list that is new or was changed, and in lists made from it."""
    lists = {row["ListNum"]: row for row in books.rows("SELECT * FROM OPLN")}
    prices: dict[str, dict[int, Decimal]] = {}
    for row in books.rows("SELECT ItemCode, PriceList, Price FROM ITM1"):
        prices.setdefault(row["ItemCode"], {})[row["PriceList"]] = amount(row["Price"])
    numbers = [n for n in lists if number in _bases(lists, n)]
    _write(
        books,
        lists,
        [
            (item, n, _price(lists, known, n))
            for item, known in prices.items()
            for n in numbers
            if n not in known or _is_derived(lists[n])
        ],
    )


def _is_derived(price_list: Row) -> bool:
    return price_list["BASE_NUM"] not in (None, price_list["ListNum"])


def _bases(lists: Mapping[int, Row], number: int) -> list[int]:
    """Name a list and those it is computed from; a circle ends where it began."""
    found: list[int] = []
    while number in lists and number not in found:
        found.append(number)
        number = lists[number]["BASE_NUM"]
    return found


def _price(lists: Mapping[int, Row], prices: Mapping[int, Decimal], number: int) -> Decimal:
    """Compute from the list at the beginning of the chain."""
    first, *chain = reversed(_bases(lists, number))
    price = prices.get(first, _ZERO)
    for step in chain:
        price = round_as(lists[step], price * amount(lists[step]["Factor"]))
    return price


def round_as(price_list: Row, price: Decimal) -> Decimal:
    """Round a computed price as its list says."""
    extra = extra_of(price_list)
    method, rule = price_list["RoundSys"], _RULES.get(extra.get("RoundingRule", "R"), ROUND_HALF_UP)
    fixed = amount(extra.get("FixedAmount"))
    if method == _ENDING and fixed:
        whole = Decimal(10) ** max(fixed.adjusted() + 1, 0)
        wholes = ((price - fixed) / whole).quantize(Decimal(1), rule)
        return rounded(max(wholes * whole + fixed, _ZERO))
    step = fixed if method == _INTERVAL else _STEPS.get(method or "", _ZERO)
    if not step:
        return rounded(price)
    return rounded((price / step).quantize(Decimal(1), rule) * step)


def _write(
    books: Books, lists: Mapping[int, Row], found: Iterable[tuple[str, int, Decimal]]
) -> None:
    sql = """INSERT INTO ITM1 (ItemCode, PriceList, Price, Currency, BasePLNum, Factor)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET Price = excluded.Price,
        BasePLNum = excluded.BasePLNum, Factor = excluded.Factor"""
    home = books.settings.local_currency
    rows = []
    for item, number, price in found:
        price_list = lists[number]
        currency, base = price_list["PrimCurr"] or home, price_list["BASE_NUM"] or number
        factor = float(amount(price_list["Factor"]))
        rows.append((item, number, float(price), currency, base, factor))
    books.db.executemany(sql, rows)
