"""What salespeople win: made up from a seed, or put together for a lesson."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from b1bridge.demo.crm.app import Act, App, Market, Offer
from b1bridge.demo.crm.books import AMERICAN

EURO, DOLLAR = "EUR", "USD"
_INCLUSIVE_EVERY, _DOLLARS_EVERY, _LESS_EVERY = 5, 4, 3
_CENT = Decimal("0.01")
_GENEROUS = "C10004"


@dataclass(frozen=True, slots=True)
class Line:
    """One product of a deal; a discount in per cent, or in money where `off` is given."""

    product: int
    quantity: int
    price: Decimal
    tax: Decimal
    discount: int = 0
    off: Decimal = Decimal(0)
    inclusive: bool = False

    def act(self, deal: int) -> Act:
        """Put it on a deal."""
        kind = "amount" if self.off else "percentage"
        return (
            "add_product_to_deal",
            {
                "deal": deal,
                "product": self.product,
                "quantity": str(self.quantity),
                "price": str(self.price),
                "tax": str(self.tax),
                "tax_method": "inclusive" if self.inclusive else "exclusive",
                "discount": str(self.off or self.discount),
                "discount_type": kind,
            },
        )


@dataclass(frozen=True, slots=True)
class NewDeal:
    """A deal before it is in the app; without an organization nobody knows for whom it is."""

    title: str
    organization: int | None
    lines: tuple[Line, ...]
    currency: str = EURO


def made_up(market: Market, count: int, seed: int) -> Iterator[NewDeal]:
    """Think up ordinary deals, some in dollars, some with discounts, some with gross prices."""
    chance = random.Random(seed)  # noqa: S311 - the same deals every time, no secret
    at_home = sorted(code for code in market.organizations if code.startswith("C100"))
    at_home = [code for code in at_home if code <= "C10012"]
    for number in range(count):
        abroad = number % _DOLLARS_EVERY == 1
        customer = AMERICAN if abroad else chance.choice(at_home)
        currency = DOLLAR if abroad else EURO
        chosen = chance.sample(market.offers, chance.randint(1, 4))
        lines = tuple(_line(offer, currency, chance, number) for offer in chosen)
        organization = market.organizations[customer]
        yield NewDeal(f"Deal {number + 1} for {customer}", organization, lines, currency)


def line_of(offer: Offer, currency: str, quantity: int = 1, **more: Any) -> Line:
    """Sell a product at its price."""
    return Line(offer.id, quantity, offer.prices[currency], offer.tax, **more)


def _line(offer: Offer, currency: str, chance: random.Random, number: int) -> Line:
    inclusive = number % _INCLUSIVE_EVERY == 0
    price = offer.prices[currency]
    if inclusive:
        price = (price * (100 + offer.tax) / 100).quantize(_CENT)
    if number % _LESS_EVERY:
        quantity, discount = chance.randint(1, 24), 0
    else:
        # Where a percentage is rounded is nowhere told; of tens, it comes out even.
        quantity, discount = 10 * chance.randint(1, 5), chance.choice((10, 20, 30))
    return Line(offer.id, quantity, price, offer.tax, discount, inclusive=inclusive)


async def win(app: App, deals: Sequence[NewDeal]) -> list[int]:
    """Enter the deals and win them; return their numbers in the same order."""
    opened = [
        ("add_deal", {"title": d.title, "organization": d.organization, "currency": d.currency})
        for d in deals
    ]
    numbers: list[int] = await app.bulk(opened)
    pairs = list(zip(numbers, deals, strict=True))
    await app.bulk([line.act(number) for number, deal in pairs for line in deal.lines])
    await app.bulk([("win_deal", {"deal": number}) for number in numbers])
    return numbers


def free_of_charge(market: Market) -> NewDeal:
    """Give something away: a discount of 100 % is an order that comes to nothing."""
    line = line_of(market.offers[0], EURO, 5, discount=100)
    return NewDeal("A gift", market.organizations[_GENEROUS], (line,))
