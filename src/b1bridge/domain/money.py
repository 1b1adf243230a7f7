"""Exact amounts of money with a currency, and how to split them to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

# ISO 4217 minor units that are not two; the rest of the world counts in hundredths.
_MINOR_UNITS = {
    "BHD": 3, "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0,
    "KMF": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0,
    "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


def decimals_of(currency: str) -> int:
    """Return how many decimals an amount in this currency is settled with (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 2)


def rounded(amount: Decimal, decimals: int = 2) -> Decimal:
    """Round half away from zero, as both tax offices and SAP's default do; never to minus zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount in one currency."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Read an amount as a shop or an ERP writes it; floats are refused by type."""
        return cls(Decimal(amount), currency.upper())

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in this currency."""
        return cls(Decimal(0), currency.upper())

    @classmethod
    def sum(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Add up amounts of one currency; of none, zero."""
        total = cls.zero(currency)
        for amount in amounts:
            total += amount
        return total

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __gt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.amount > other.amount

    def __lt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.amount < other.amount

    def __str__(self) -> str:
        return f"{self.rounded().amount} {self.currency}"

    def rounded(self) -> Money:
        """Round to what the currency is settled in."""
        return Money(rounded(self.amount, decimals_of(self.currency)), self.currency)

    def split(self, weights: Sequence[Decimal]) -> list[Money]:
        """Share out by weight so that the parts sum to the whole (largest remainder).

        A weight of zero gets nothing. Raises ValueError when no weight is positive
        and there is something to share out.
        """
        step = Decimal(1).scaleb(-decimals_of(self.currency))
        return [
            Money(part, self.currency) for part in _largest_remainder(self.amount, weights, step)
        ]

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            msg = f"{self.currency} and {other.currency} do not add up"
            raise ValueError(msg)


def _largest_remainder(total: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    whole = sum(weights, Decimal(0))
    if whole <= 0:
        if total:
            msg = f"{total} cannot be shared out over nothing"
            raise ValueError(msg)
        return [Decimal(0)] * len(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [share.quantize(step, ROUND_FLOOR) for share in exact]
    left = int((total - sum(parts, Decimal(0))) / step)
    by_remainder = sorted(
        (i for i, weight in enumerate(weights) if weight),
        key=lambda i: (parts[i] - exact[i], i),
    )
    for i in by_remainder[:left]:
        parts[i] += step
    return parts
