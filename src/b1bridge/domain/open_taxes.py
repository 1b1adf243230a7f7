"""Taxes that an order leaves to the books, worked out as the books will come to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.money import Money, decimals_of, rounded
from b1bridge.domain.tax import ZERO, line_taxes, net_of


@dataclass(frozen=True, slots=True)
class TaxedRow:
    """An exact amount, net or gross, with what taxes it; `stated` is a tax that is not open."""

    amount: Money
    code: str
    rate: Decimal
    stated: Money | None = None


def taxes_of(rows: Sequence[TaxedRow], *, gross: bool, by_row: bool) -> list[Money]:
    """Return the tax of each row; rows of one code are taxed together, unless `by_row`.

    The same walk predicts what SAP will make of the document (domain.tax), so that an order
    whose totals are open comes to its document's to the cent.
    """
    taxes: dict[int, Money] = {}
    for together in _together(rows, by_row=by_row):
        amounts = [rows[i].amount for i in together]
        rate = rows[together[0]].rate
        worked_out = _taxes_in(amounts, rate) if gross else _taxes_on(amounts, rate)
        taxes |= dict(zip(together, worked_out, strict=True))
    return [taxes[i] if row.stated is None else row.stated for i, row in enumerate(rows)]


def discounted(amounts: Sequence[Money], percent: Decimal, currency: str) -> list[Money]:
    """Take a discount off the sum of the rows, shared out so that the rows sum to the rest."""
    whole = Money.sum(amounts, currency)
    if not percent or not whole:
        return list(amounts)
    rest = Money(whole.amount * (100 - percent) / 100, currency).rounded()
    return rest.split([amount.amount for amount in amounts])


def _together(rows: Sequence[TaxedRow], *, by_row: bool) -> Iterable[list[int]]:
    if by_row:
        return ([i] for i in range(len(rows)))
    codes: dict[tuple[str, Decimal], list[int]] = {}
    for i, row in enumerate(rows):
        codes.setdefault((row.code, row.rate), []).append(i)
    return codes.values()


def _taxes_on(nets: Sequence[Money], rate: Decimal) -> list[Money]:
    currency = nets[0].currency
    taxes = line_taxes([net.amount for net in nets], rate, decimals_of(currency))
    return [Money(tax, currency) for tax in taxes]


def _taxes_in(grosses: Sequence[Money], rate: Decimal) -> list[Money]:
    """Take the tax out of the sum, and let each row have its own to the nearest cent or so."""
    currency = grosses[0].currency
    decimals = decimals_of(currency)
    whole = sum((rounded(gross.amount, decimals) for gross in grosses), ZERO)
    tax = Money(whole - net_of(whole, rate, decimals), currency)
    return tax.split([gross.amount for gross in grosses])
