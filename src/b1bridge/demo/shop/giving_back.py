"""What shoppers of the real file gave back, matched to what they had bought before.

The rule: goods are matched to the shopper's latest earlier order that still holds the same
code at the same price; what is no goods (discounts, manual corrections, postage) to their latest
earlier order of which enough is left. What finds no order, mostly bought before the file
begins or by a shopper without a number, stays a document of its own with pieces below zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from b1bridge.demo.shop.carts import Cart, CartLine

_GIVES_BACK, _CARTS_LATER = 2, 20


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund of one order: pieces by SKU, and an amount besides.

    `after` is how many carts were placed before it.
    """

    number: str
    after: int
    order: str
    pieces: tuple[tuple[str, int], ...] = ()
    amount: Decimal = Decimal(0)


def made_up_returns(carts: Sequence[Cart]) -> list[GivenBack]:
    """Let every ninth shopper who paid give a piece back, some carts later; some get money only."""
    returns = []
    for n, cart in enumerate(carts):
        if n % 9 != _GIVES_BACK or cart.abandoned:
            continue
        after = min(n + _CARTS_LATER, len(carts))
        pieces = ((cart.lines[0].sku, 1),) if n % 2 else ()
        amount = Decimal(0) if pieces else Decimal("2.50")
        returns.append(GivenBack(f"R{cart.number}", after, cart.number, pieces, amount))
    return returns


@dataclass(slots=True)
class _Bought:
    """What a shopper still has of one line of one order."""

    order: str
    pieces: int


@dataclass(slots=True)
class Memory:
    """What every shopper has bought and not given back; `left` is money, by order."""

    shelves: dict[tuple[str, str, Decimal], list[_Bought]] = field(
        default_factory=lambda: defaultdict(list)
    )
    orders: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    left: dict[str, Decimal] = field(default_factory=dict)

    def remember(self, cart: Cart) -> None:
        """Note an order that was placed; guests without an e-mail cannot be known again.

        A refund names its line by SKU, so only the first line of a SKU can be given back.
        """
        if not cart.email or any(line.quantity < 0 for line in cart.lines):
            return
        first: dict[str, CartLine] = {}
        for line in cart.lines:
            first.setdefault(line.sku, line)
        for line in first.values():
            if not line.gift_certificate:
                shelf = self.shelves[cart.email, line.sku, line.price]
                shelf.append(_Bought(cart.number, line.quantity))
        self.orders[cart.email].append(cart.number)
        goods = sum((line.price * line.quantity for line in cart.lines), Decimal(0))
        extras = sum((extra.cost for extra in (cart.shipping, *cart.fees)), Decimal(0))
        self.left[cart.number] = goods + extras

    def take_back(self, email: str, line: CartLine, taken: dict[str, dict[str, int]]) -> int:
        """Take a line back from the latest orders that hold it; return the pieces nobody had.

        Only as long as so much money is left of an order; `taken` collects what was found.
        """
        wanted = -line.quantity
        for bought in reversed(self.shelves.get((email, line.sku, line.price), [])):
            pieces = min(bought.pieces, wanted)
            if pieces <= 0 or self.left[bought.order] < pieces * line.price:
                continue
            bought.pieces -= pieces
            wanted -= pieces
            self.left[bought.order] -= pieces * line.price
            of_order = taken.setdefault(bought.order, {})
            of_order[line.sku] = of_order.get(line.sku, 0) + pieces
        return wanted

    def credit(self, email: str, amount: Decimal) -> str:
        """Take an amount off the latest order that has so much left; nothing where none has."""
        for order in reversed(self.orders.get(email, [])):
            if self.left[order] >= amount:
                self.left[order] -= amount
                return order
        return ""


def matched(
    memory: Memory, cart: Cart, after: int
) -> tuple[Sequence[GivenBack], Sequence[CartLine], Decimal]:
    """Match a cancellation; return the refunds, the lines and the amount that found no order.

    `cart` holds what was cancelled as the file does, with pieces and costs below zero.
    """
    taken: dict[str, dict[str, int]] = {}
    rest: list[CartLine] = []
    for line in cart.lines:
        unknown = memory.take_back(cart.email, line, taken)
        if unknown or not line.quantity:
            rest.append(
                CartLine(
                    line.sku, line.name, -unknown, line.price, line.rate, line.gift_certificate
                )
            )
    amounts: dict[str, Decimal] = {}
    loose = Decimal(0)
    for extra in (cart.shipping, *cart.fees):
        order = memory.credit(cart.email, -extra.cost) if extra.cost < 0 else ""
        if order:
            amounts[order] = amounts.get(order, Decimal(0)) - extra.cost
        else:
            loose += extra.cost
    refunds = [
        GivenBack(
            cart.number,
            after,
            order,
            tuple(taken.get(order, {}).items()),
            amounts.get(order, Decimal(0)),
        )
        for order in dict.fromkeys((*taken, *amounts))
    ]
    return refunds, rest, loose
