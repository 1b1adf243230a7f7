"""`SBOBobService`: currencies and their rates.

Answers are bare JSON values, as clients of such services report (sap-service-layer.md 11);
parameters: sap-entities.json.
"""

import re
from collections.abc import Mapping
from typing import Any

from b1sim.company.books import Books
from b1sim.company.refusals import invalid_value, not_found
from b1sim.company.service import Bare, Service
from b1sim.company.shape.model import Property
from b1sim.company.shape.values import parse

_TYPE, _CURRENCY, _RATE = "SBOBobService", "Currency", "Rate"
_DAY = Property("Date", "Edm.DateTime")


def local_currency(books: Books, sent: Mapping[str, Any]) -> Bare:  # noqa: ARG001 - asks nothing
    """Tell the local currency."""
    return Bare(books.settings.local_currency)


def currency_rate(books: Books, sent: Mapping[str, Any]) -> Bare:
    """Tell what one unit of a currency costs on a day."""
    row = (_day(sent), str(sent.get("Currency")))
    found = books.row("SELECT Rate FROM ORTT WHERE RateDate = ? AND Currency = ?", row)
    if found is None:
        raise not_found()
    return Bare(float(found["Rate"]))


def set_currency_rate(books: Books, sent: Mapping[str, Any]) -> None:
    """Enter the rate of a day."""
    day, currency = _day(sent), sent.get("Currency")
    if not isinstance(currency, str) or books.master("OCRN", currency) is None:
        raise invalid_value(_CURRENCY, _TYPE, currency)
    rate = str(sent.get("Rate"))
    if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", rate) is None:
        raise invalid_value(_RATE, _TYPE, rate)
    row = (day, currency, float(rate))
    books.db.execute("INSERT OR REPLACE INTO ORTT VALUES (?, ?, ?)", row)


def _day(sent: Mapping[str, Any]) -> str:
    return str(parse(_DAY, _TYPE, str(sent.get("Date") or sent.get("RateDate"))))


SERVICES: Mapping[str, Service] = {
    "SBOBobService_GetLocalCurrency": local_currency,
    "SBOBobService_GetSystemCurrency": local_currency,
    "SBOBobService_GetCurrencyRate": currency_rate,
    "SBOBobService_SetCurrencyRate": set_currency_rate,
}
