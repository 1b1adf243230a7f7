"""`CompanyService_GetItemPrice`: what an item costs a partner, asked outside of a document.

Fields of question and answer: SAP SDK help, CompanyService.GetItemPrice. Guess: the answer's
price is the one before its discount.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from b1sim.company.books import Books, Row
from b1sim.company.prices.search import FIRST_LIST, search
from b1sim.company.refusals import invalid_value, not_found
from b1sim.company.rules import currency
from b1sim.company.service import Complex, Service
from b1sim.company.shape.values import DATE, rounded

_TYPE, _QUANTITY, _INVENTORY, _DAY = "ItemPriceParams", "UoMQuantity", "InventoryQuantity", "Date"
# A quantity is a DECIMAL(19,6) in SAP's tables.
_MOST = Decimal(10) ** 13


def item_price(books: Books, sent: Mapping[str, Any]) -> Complex:
    """Answer with price, currency and discount; Refusal -2028 for an unknown item or partner."""
    asked = _asked(sent)
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


def _asked(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = sent.get(_TYPE) or {}
    if not isinstance(asked, Mapping):
        raise invalid_value(_TYPE, _TYPE, asked)
    for name, value in asked.items():
        if isinstance(value, Mapping | list):
            raise invalid_value(name, _TYPE, value)
    return asked


def _line(asked: Mapping[str, Any], item: Row) -> Row:
    counted, own = _amount(asked, _QUANTITY), _amount(asked, _INVENTORY)
    quantity = counted or own or Decimal(1)
    unit = _whole(asked, "UoMEntry", -1)
    per_unit = own / counted if counted and own else Decimal(1)
    return {
        "ItemCode": item["ItemCode"],
        "Quantity": quantity,
        "UomEntry": unit,
        "NumPerMsr": per_unit,
    }


def _amount(asked: Mapping[str, Any], name: str) -> Decimal:
    value = asked.get(name) or 0
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise invalid_value(name, _TYPE, value) from None
    if not found.is_finite() or abs(found) >= _MOST:
        raise invalid_value(name, _TYPE, value)
    return found


def _whole(asked: Mapping[str, Any], name: str, usual: int) -> int:
    value = asked.get(name)
    if value is None:
        return usual
    if not re.fullmatch(r"-?\d{1,9}", str(value), re.ASCII):
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
