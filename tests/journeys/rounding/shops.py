"""Orders as four kinds of shop round them, and the money that goes back for them.

Magento rounds tax by unit, by row or on the total, where the fraction that one row loses is
carried to the next of its rate (correctness-rules 3.1, MG1); shops that price with tax take it out
of each row.
"""

import random
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from b1bridge.domain.customers import Address, Customer
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Charge, Order, OrderLine, OrderState, Tax
from b1bridge.domain.refunds import MoneyBack, MoneyState, Refund, Refunded, RefundPart

MODES = ("unit", "row", "document", "gross")
RATES = ("0", "7", "19", "20")
CENT = Decimal("0.01")
MOMENT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def euro(amount):
    return Money.of(amount, "EUR")


class Till:
    """Works out the tax of one order, row after row, in one mode."""

    def __init__(self, mode):
        self.mode, self.carried = mode, {}

    def taxed(self, entered, rate, quantity=1):
        """Return net, tax and gross of a row whose amount is `entered` as the shop prices."""
        rate = Decimal(rate)
        if self.mode == "gross":
            net = cents(entered * 100 / (100 + rate))
            return net, entered - net, entered
        if self.mode == "unit":
            tax = cents(entered / quantity * rate / 100) * quantity
        elif self.mode == "row":
            tax = cents(entered * rate / 100)
        else:
            exact = entered * rate / 100 + self.carried.get(rate, Decimal(0))
            tax = cents(exact)
            self.carried[rate] = exact - tax
        return entered, tax, entered + tax


def order_of(number, mode):
    """Generate one order: 1 to 10 rows, a discount over them, freight at one rate or split."""
    dice = random.Random(f"order {number}")  # noqa: S311 - a cart, not a secret
    rows = [_row(dice) for _ in range(dice.choice([1, 1, 2, 2, 3, 4, 5, 7, 10]))]
    amounts = [price * quantity for _, quantity, price, _ in rows]
    if dice.random() < 0.5:
        off = cents(sum(amounts) * dice.choice([5, 10, 15, 33]) / 100)
        parts = euro(off).split(amounts)
        amounts = [a - part.amount for a, part in zip(amounts, parts, strict=True)]
    till = Till(mode)
    lines = tuple(
        _line(at, sku, quantity, rate, till.taxed(amount, rate, quantity))
        for at, ((sku, quantity, _, rate), amount) in enumerate(zip(rows, amounts, strict=True), 1)
    )
    charges = tuple(_charge(rate, till.taxed(cost, rate)) for cost, rate in _freight(dice, rows))
    return _order(number, mode, lines, charges)


def refunds_of(order, number):
    """Give back pieces in up to three steps, some with goodwill; or all of it, freight and all."""
    dice = random.Random(f"refunds {number}")  # noqa: S311 - a return, not a secret
    left = {line.id: int(line.quantity) for line in order.lines}
    everything, refunds = dice.random() < 0.5, []
    steps = dice.randint(1, 3)
    for step in range(1, steps + 1):
        last = everything and step == steps
        taken = {id_: n if last else dice.randint(0, n) for id_, n in left.items()}
        parts = [_pieces(id_, n) for id_, n in taken.items() if n]
        worth = sum((_worth(order, left, id_, n) for id_, n in taken.items()), Decimal(0))
        if last and order.charges:
            parts.append(RefundPart(Refunded.CHARGE, "shipping"))
            worth += sum((charge.gross.amount for charge in order.charges), Decimal(0))
        left = {id_: n - taken[id_] for id_, n in left.items()}
        if not everything and dice.random() < 0.3:
            sorry = Decimal(dice.randint(1, 500)) / 100
            if sorry <= order.total.amount / 4:
                parts.append(RefundPart(Refunded.GOODWILL, amount=euro(sorry)))
                worth += sorry
        if worth:
            refunds.append(_refund(order, len(refunds) + 1, parts, worth))
    return refunds, everything


def _row(dice):
    usual = ["0.99", "4.00", "19.99", "23.90", "35.71"]
    price = dice.choice(usual) if dice.random() < 0.4 else f"{dice.randint(1, 19_999) / 100:.2f}"
    return (
        f"I{dice.randint(1, 20)}",
        dice.choice([1, 1, 1, 2, 3, 5, 12]),
        Decimal(price),
        _rate(dice),
    )


def _rate(dice):
    return dice.choice(RATES)


def _freight(dice, rows):
    if dice.random() < 0.4:
        return []
    cost = Decimal(dice.choice(["3.13", "4.90", "9.00", "9.95"]))
    rates = sorted({rate for *_, rate in rows})
    if dice.random() < 0.5:
        return [(cost, rates[-1])]
    weights = [sum(price * n for _, n, price, r in rows if r == rate) for rate in rates]
    shares = zip(euro(cost).split(weights), rates, strict=True)
    return [(share.amount, rate) for share, rate in shares if share]


def _line(at, sku, quantity, rate, amounts):
    net, tax, gross = amounts
    told = Tax("", Decimal(rate), euro(tax))
    return OrderLine(str(at), sku, sku, Decimal(quantity), euro(net), told, euro(gross))


def _charge(rate, amounts):
    net, tax, gross = amounts
    return Charge("shipping", euro(net), Tax("", Decimal(rate), euro(tax)), euro(gross))


def _order(number, mode, lines, charges):
    parts = (*lines, *charges)
    return Order(
        ref=Ref("shop", "order", f"{mode}-{number}"),
        number=str(number),
        state=OrderState.OPEN,
        placed_at=MOMENT,
        modified_at=MOMENT,
        currency="EUR",
        prices_include_tax=mode == "gross",
        customer=Customer(None, "anna@example.com", "Anna Berg"),
        billing=Address(),
        shipping=Address(),
        lines=lines,
        charges=charges,
        total=Money.sum((part.gross for part in parts), "EUR"),
        tax_total=Money.sum((part.tax.amount for part in parts), "EUR"),
        charge_total=Money.sum((charge.net for charge in charges), "EUR"),
    )


def _pieces(id_, quantity):
    return RefundPart(Refunded.GOODS, id_, Decimal(quantity))


def _worth(order, left, id_, quantity):
    """Price pieces as shops do: what was paid until them less what was paid before (PS1)."""
    line = next(line for line in order.lines if line.id == id_)
    done = line.quantity - left[id_]
    until = cents(line.gross.amount * (done + quantity) / line.quantity)
    return until - cents(line.gross.amount * done / line.quantity)


def _refund(order, number, parts, worth):
    ref = Ref("shop", "refund", f"{order.ref.id}/{number}")
    back = (MoneyBack("card", euro(worth), MoneyState.SETTLED),)
    return Refund(ref, order.ref, MOMENT, tuple(parts), back, euro(worth))
