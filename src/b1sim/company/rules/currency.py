"""Currencies: what a document is agreed in, and what that is worth at home."""

from decimal import Decimal

from b1sim.company.books import Books, Row
from b1sim.company.refusals import no_rate, wrong_currency

ANY = "##"
"""A partner with this currency trades in all of them."""


def currency_of(books: Books, table: str, header: Row, partner: Row) -> str:
    """Return the currency of a document; Refusal when the partner does not trade in it."""
    own = partner["Currency"] or books.settings.local_currency
    default = books.settings.local_currency if own == ANY else own
    chosen = str(header.get("DocCur") or default)
    allowed = own == ANY or chosen in (own, books.settings.local_currency)
    if not allowed or books.master("OCRN", chosen) is None:
        raise wrong_currency(table, chosen)
    return chosen


def rate_of(books: Books, currency: str, day: str) -> Decimal:
    """Return what one unit of the currency costs at home on a day; Refusal when not entered."""
    if currency == books.settings.local_currency:
        return Decimal(1)
    sql = "SELECT Rate FROM ORTT WHERE Currency = ? AND RateDate = ?"
    rate = books.figure(sql, (currency, day))
    if not rate:
        raise no_rate(currency, day)
    return rate


def rate_for(books: Books, currency: str, day: str, sent: Decimal | None) -> Decimal:
    """Prefer the rate a document brings along over the day's rate."""
    if currency == books.settings.local_currency:
        return Decimal(1)
    return sent or rate_of(books, currency, day)
