"""`CompanyService_GetItemPrice`: what an item costs a partner, asked outside of a document.

Fields of question and answer: SAP SDK help, CompanyService.GetItemPrice. Guess: the answer's
price is the one before its discount.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.prices.search import FIRST_LIST, search
from b1sim.company.refusals import invalid_value, not_found
from b1sim.company.rules import currency
from b1sim.company.service import Complex, Service
from b1sim.company.shape.values import DATE, rounded

_TYPE, _QUANTITY, _DAY = "ItemPriceParams", "UoMQuantity", "Date"


def item_price(books: Books, sent: Mapping[str, Any]) -> Complex:
    """Answer with price, currency and discount; Refusal -2028 for an unknown item or partner."""
    asked = sent.get(_TYPE) or {}
    item = books.master("OITM", asked.get("ItemCode"))
    partner = books.master("OCRD", asked.get("CardCode")) if asked.get("CardCode") else {}
    if item is None or partner is None:
        raise not_found()
    line = _line(asked, item)
    price_list = _whole(asked, "PriceList", partner.get("ListNum") or FIRST_LIST)
    price = search(books, line, partner, _day(books, asked), price_list)
    own = price.currency or books.settings.local_currency
    value, shown = price.before, str(asked.get("Currency") or own)
    if shown != own:
        day = _day(books, asked)
        at_home = value * currency.rate_of(books, own, day)
        value = rounded(at_home / currency.rate_of(books, shown, day), 6)
    members = {"Price": value, "Currency": shown, "Discount": price.discount}
    return Complex("ItemPriceReturnParams", members)


def _line(asked: Mapping[str, Any], item: Row) -> Row:
    try:
        quantity = Decimal(str(asked.get(_QUANTITY) or asked.get("InventoryQuantity") or 1))
    except InvalidOperation:
        raise invalid_value(_QUANTITY, _TYPE, asked.get(_QUANTITY)) from None
    unit = _whole(asked, "UoMEntry", -1)
    per_unit = Decimal(1)
    if asked.get(_QUANTITY) and asked.get("InventoryQuantity"):
        per_unit = Decimal(str(asked["InventoryQuantity"])) / quantity
    return {
        "ItemCode": item["ItemCode"],
        "Quantity": quantity,
        "UomEntry": unit,
        "NumPerMsr": per_unit,
    }


def _whole(asked: Mapping[str, Any], name: str, usual: int) -> int:
    value = asked.get(name)
    if value is None:
        return usual
    if not str(value).lstrip("-").isdecimal():
        raise invalid_value(name, _TYPE, value)
    return int(value)


def _day(books: Books, asked: Mapping[str, Any]) -> str:
    given = asked.get(_DAY)
    if given is None:
        return books.today()
    found = DATE.match(str(given))
    if found is None:
        raise invalid_value(_DAY, _TYPE, given)
    return "-".join(found.groups())


SERVICES: dict[str, Service] = {"CompanyService_GetItemPrice": item_price}
