"""What shoppers put into their carts: given by a file of real orders, or made up from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

FIRST_NAMES = ("Ada", "Björn", "Chloë", "Dan", "Eszter", "Finn", "Grace", "Hugo", "Inês", "Jürgen")
LAST_NAMES = ("O'Neill", "Schäfer", "van der Berg", "Kowalska", "Müller-Lüdenscheidt", "Smith")
METHODS = ("credit_card", "paypal", "bank_deposit")


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line; `price` includes tax, `rate` is in per cent."""

    sku: str
    name: str
    quantity: int
    price: Decimal
    rate: Decimal
    gift_certificate: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """Shipping or a fee; `cost` includes tax."""

    name: str
    cost: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Cart:
    """One order before the shop has it; `tenders` are paid besides the main method."""

    number: str
    placed_at: datetime
    lines: tuple[CartLine, ...]
    shipping: Extra
    fees: tuple[Extra, ...] = ()
    email: str = ""
    name: str = ""
    country: str = ""
    registered: bool = False
    discount: Decimal = Decimal(0)
    store_credit: Decimal = Decimal(0)
    method: str = "credit_card"
    abandoned: bool = False
    split: bool = False


@dataclass(frozen=True, slots=True)
class Ware:
    """What the shop sells; `price` includes tax."""

    sku: str
    name: str
    price: Decimal
    rate: Decimal


def made_up(wares: Sequence[Ware], count: int, *, seed: int, since: datetime) -> Iterator[Cart]:
    """Make believable carts: mostly plain, some with discounts, split tender, odd contents."""
    dice = random.Random(seed)  # noqa: S311 - the same shoppers every time, no secret
    moment = since
    for n in range(count):
        moment += timedelta(seconds=dice.randint(5, 400))
        cart = _plain(wares, dice, number=str(n + 1), placed_at=moment)
        yield _with_oddities(cart, n, dice)


def _plain(wares: Sequence[Ware], dice: random.Random, *, number: str, placed_at: datetime) -> Cart:
    chosen = dice.sample(wares, k=min(dice.choice((1, 1, 2, 2, 3, 4, 7)), len(wares)))
    lines = tuple(
        CartLine(w.sku, w.name, dice.choice((1, 1, 1, 2, 3, 6)), w.price, w.rate) for w in chosen
    )
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    shipping = Extra("Shipping", dice.choice((Decimal("4.95"), Decimal("9.95"))), lines[0].rate)
    return Cart(
        number=number,
        placed_at=placed_at,
        lines=lines,
        shipping=shipping,
        email=f"{first}.{last}@shopper.example".replace(" ", "").replace("'", ""),
        name=f"{first} {last}",
        country="DE",
        registered=dice.random() < 0.5,  # noqa: PLR2004
        method=dice.choice(METHODS),
    )


def _with_oddities(cart: Cart, n: int, dice: random.Random) -> Cart:
    goods = sum((line.price * line.quantity for line in cart.lines), Decimal(0))
    if n % 7 == 3:  # noqa: PLR2004
        discount = (goods * dice.choice((5, 10, 15)) / 100).quantize(Decimal("0.01"))
        return replace(cart, discount=discount)
    if n % 11 == 5:  # noqa: PLR2004
        return replace(cart, store_credit=Decimal("5.00"))
    if n % 13 == 6:  # noqa: PLR2004
        return replace(cart, split=True)
    if n % 37 == 17:  # noqa: PLR2004
        return replace(cart, abandoned=True)
    if n % 83 == 41:  # noqa: PLR2004
        odd = replace(cart.lines[0], sku="NOT-IN-SAP", name="Sold before anybody entered it")
        return replace(cart, lines=(odd, *cart.lines[1:]))
    return cart
