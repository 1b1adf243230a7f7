"""The question and the answer: which item, for whom, how many, when; and what it costs."""

from dataclasses import dataclass
from decimal import Decimal

from b1sim.company.books import Row

ZERO = Decimal(0)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know the price of."""

    item: Row
    """The row of OITM."""
    partner: Row
    """The row of OCRD; empty when nobody in particular asks."""
    quantity: Decimal
    day: str
    price_list: int
    listed: "Price"
    """What the price list says, for the unit that is asked for."""


@dataclass(frozen=True)
class Price:
    """A price per unit before its discount; net or gross as the price list has it."""

    before: Decimal
    currency: str | None
    discount: Decimal = ZERO
    """Percent."""

    @property
    def after(self) -> Decimal:
        """Return the price less its discount, unrounded."""
        return self.before * (1 - self.discount / 100)
