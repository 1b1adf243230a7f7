"""A refund told as a small order: what came back, at the price that was charged for it.

So a credit memo is written by the same rules as the document of the order, and proved by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from b1bridge.domain.money import Money, decimals_of
from b1bridge.domain.orders import Charge, Order, OrderLine, Tax
from b1bridge.domain.refunds import Refund, Refunded, RefundPart
from b1bridge.domain.tax import net_of
from b1bridge.errors import NeedsOperator

# Names of amounts in the crosswalks; "deduction: restocking" may have an entry of its own.
GOODWILL = "goodwill"
DEDUCTION = "deduction"
TAX = "tax"

Priced = OrderLine | Charge


def refunded_order(order: Order, refund: Refund, earlier: Sequence[Refund]) -> Order:
    """Return the order reduced to one refund; `earlier` are those credited part by part.

    Its total is the money that really went back, whatever the parts come to
    (correctness-rules 3.5 rule 1); without parts it is an amount only. Whether what was kept back
    bears tax is for the shop to say: the reading that comes nearer to the tax it states stands.
    Raises NeedsOperator (REFUND_TOO_LARGE) for more of a line or charge than the order has left.
    """
    if not refund.parts:
        return amount_only(order, refund, refund.returned)
    taxed = _reduced(order, refund, earlier, kept_is_taxed=True)
    untaxed = _reduced(order, refund, earlier, kept_is_taxed=False)
    return min((taxed, untaxed), key=lambda told: abs(untold_tax(told, refund)).amount)


def untold_tax(part: Order, refund: Refund) -> Money:
    """Return the tax of a refund beyond what the shop states for it, goodwill aside where due.

    Shops state no tax for an amount of the whole order (BG1); nothing stated is no difference.
    """
    if not refund.tax:
        return Money.zero(part.currency)
    off = part.tax_total - refund.tax
    return min((off, off - goodwill_tax(part)), key=lambda money: abs(money).amount)


def goodwill_tax(part: Order) -> Money:
    """Return the tax inside amounts of the whole order, by the order's rates."""
    goodwill = (charge for charge in part.charges if charge.name == GOODWILL)
    return Money.sum((charge.tax.amount for charge in goodwill), part.currency)


def amount_only(order: Order, refund: Refund, amount: Money) -> Order:
    """Return an order of nothing but an amount, split by the order's tax rates (3.5 rule 3)."""
    told = _told(order, refund, (), shares_by_rate(GOODWILL, amount, _parts_of(order)))
    return replace(told, total=amount)


def less_given_before(part: Order) -> Order:
    """Take off what went back before with other refunds, so that the parts come to the money.

    A shop gives back no more than it has left of what was paid, whatever the parts are worth, and
    its record does not say so (storefronts.md 1.5, the quote's adjustment).
    """
    parts = _parts_of(part)
    worth = Money.sum((one.gross for one in parts), part.currency)
    before = shares_by_rate(f"{DEDUCTION}: given back before", part.total - worth, parts)
    charges = (*part.charges, *before)
    return replace(
        part,
        charges=charges,
        tax_total=part.tax_total + Money.sum((one.tax.amount for one in before), part.currency),
        charge_total=Money.sum((charge.net for charge in charges), part.currency),
    )


def shares_by_rate(name: str, amount: Money, over: Iterable[Priced]) -> tuple[Charge, ...]:
    """Split an amount, tax included, by what was charged at each rate; the parts sum to it."""
    weights: dict[tuple[str, Decimal], Decimal] = {}
    for part in over:
        rate = part.tax.code, part.tax.rate
        weights[rate] = weights.get(rate, Decimal(0)) + max(part.gross.amount, Decimal(0))
    if not any(weights.values()):
        weights = {("", Decimal(0)): Decimal(1)}
    shares = amount.split(list(weights.values()))
    return tuple(
        _at_rate(name, share, code, rate)
        for (code, rate), share in zip(weights, shares, strict=True)
        if share
    )


def _told(
    order: Order, refund: Refund, lines: tuple[OrderLine, ...], charges: tuple[Charge, ...]
) -> Order:
    parts: tuple[Priced, ...] = (*lines, *charges)
    currency = refund.total.currency
    reason = f" {refund.reason}" if refund.reason else ""
    return replace(
        order,
        ref=refund.ref,
        placed_at=refund.made_at,
        lines=lines,
        charges=charges,
        total=refund.returned,
        tax_total=Money.sum((part.tax.amount for part in parts), currency),
        charge_total=Money.sum((charge.net for charge in charges), currency),
        comment=f"Refund {refund.ref.id}.{reason}",
    )


def _reduced(
    order: Order, refund: Refund, earlier: Sequence[Refund], *, kept_is_taxed: bool
) -> Order:
    lines: list[OrderLine] = []
    charges: list[Charge] = []
    before = [part for one in earlier for part in one.parts]
    for part in refund.parts:
        if part.what is Refunded.GOODS:
            lines.append(_goods(order, refund, part, before))
        else:
            charges.extend(_valued(order, refund, part, before))
        charges.extend(_kept(order, part, taxed=kept_is_taxed))
        before.append(part)
    charges.extend(_never_sent(refund, [*lines, *charges]))
    return _told(order, refund, tuple(lines), tuple(charge for charge in charges if charge.gross))


def _goods(
    order: Order, refund: Refund, part: RefundPart, before: Iterable[RefundPart]
) -> OrderLine:
    line = next((one for one in order.lines if one.id == part.name), None)
    if line is None:
        raise _too_much(refund, f"line {part.name}, which order {order.number} does not have")
    same = [one for one in before if one.what is Refunded.GOODS and one.name == part.name]
    taken = sum((one.quantity for one in same), Decimal(0))
    if taken + part.quantity > line.quantity or part.quantity < 0:
        what = (
            f"{part.quantity:f} of line {line.id} ({line.sku}), of which {line.quantity:f} were "
            f"ordered and {taken:f} are credited already"
        )
        raise _too_much(refund, what)
    if part.amount is not None:
        return _stated(line, part.quantity, part.amount)
    at_price = sum((one.quantity for one in same if one.amount is None), Decimal(0))
    return _priced(line, at_price, at_price + part.quantity)


def _priced(line: OrderLine, after: Decimal, until: Decimal) -> OrderLine:
    """Return the pieces from one count to another; the last ones take the remainder (PS1)."""
    gross = _share(line.gross, until, line.quantity) - _share(line.gross, after, line.quantity)
    net = _share(line.net, until, line.quantity) - _share(line.net, after, line.quantity)
    return replace(
        line,
        quantity=until - after,
        gross=gross,
        net=net,
        tax=replace(line.tax, amount=gross - net),
        discount=None,
    )


def _stated(line: OrderLine, quantity: Decimal, gross: Money) -> OrderLine:
    whole = line.gross.amount
    net = _share(line.net, gross.amount, whole) if whole else _net(gross, line.tax.rate)
    tax = replace(line.tax, amount=gross - net)
    return replace(line, quantity=quantity, gross=gross, net=net, tax=tax, discount=None)


def _valued(
    order: Order, refund: Refund, part: RefundPart, before: Iterable[RefundPart]
) -> tuple[Charge, ...]:
    if part.what is Refunded.CHARGE:
        return _charge(order, refund, part, before)
    amount = part.amount or Money.zero(order.currency)
    if part.what is Refunded.TAX:
        return _tax_alone(order, amount)
    return shares_by_rate(GOODWILL, amount, _parts_of(order))


def _charge(
    order: Order, refund: Refund, part: RefundPart, before: Iterable[RefundPart]
) -> tuple[Charge, ...]:
    charged = [charge for charge in order.charges if charge.name == part.name]
    whole = Money.sum((charge.gross for charge in charged), order.currency)
    same = [one for one in before if one.what is Refunded.CHARGE and one.name == part.name]
    left = whole
    for one in same:
        left -= left if one.amount is None else one.amount
    amount = left if part.amount is None else part.amount
    if amount > left:
        what = f"{amount} of '{part.name}', of which {whole} were charged and {left} are left"
        raise _too_much(refund, what)
    return shares_by_rate(part.name, amount, charged)


def _tax_alone(order: Order, amount: Money) -> tuple[Charge, ...]:
    """Write a correction of tax as the books can: value moved from its rate to none.

    Books take tax only as the rate of some value, so 3.80 of 19 % are 20.00 at that rate less
    20.00 at none.
    """
    taxed: dict[tuple[str, Decimal], Decimal] = {}
    for part in _parts_of(order):
        if part.tax.rate and part.tax.amount.amount > 0:
            known = part.tax.code, part.tax.rate
            taxed[known] = taxed.get(known, Decimal(0)) + part.tax.amount.amount
    if not taxed:
        return shares_by_rate(TAX, amount, ())
    moved: list[Charge] = []
    shares = amount.split(list(taxed.values()))
    for (code, rate), tax in zip(taxed, shares, strict=True):
        value = Money(tax.amount * 100 / rate, amount.currency).rounded()
        untaxed = Tax("", Decimal(0), Money.zero(amount.currency))
        moved.append(Charge(TAX, value, Tax(code, rate, tax), value + tax))
        moved.append(Charge(TAX, -value, untaxed, -value))
    return tuple(moved)


def _kept(order: Order, part: RefundPart, *, taxed: bool) -> tuple[Charge, ...]:
    """Return what was kept back, which stays revenue (SH5), below zero."""
    if not part.deducted:
        return ()
    name = f"{DEDUCTION}: {part.reason}" if part.reason else DEDUCTION
    if not taxed:
        return shares_by_rate(name, -part.deducted, ())
    of = [line for line in order.lines if part.what is Refunded.GOODS and line.id == part.name]
    return shares_by_rate(name, -part.deducted, of or _parts_of(order))


def _never_sent(refund: Refund, parts: Sequence[Priced]) -> tuple[Charge, ...]:
    """Return what the gateway declined to send, below zero: it was not given back."""
    refused = refund.declined
    if not refused or not refund.returned:
        return ()
    return shares_by_rate(f"{DEDUCTION}: declined", -refused, parts)


def _parts_of(order: Order) -> tuple[Priced, ...]:
    return (*order.lines, *order.charges)


def _at_rate(name: str, gross: Money, code: str, rate: Decimal) -> Charge:
    net = _net(gross, rate)
    return Charge(name, net, Tax(code, rate, gross - net), gross)


def _net(gross: Money, rate: Decimal) -> Money:
    return Money(net_of(gross.amount, rate, decimals_of(gross.currency)), gross.currency)


def _share(whole: Money, of: Decimal, all_: Decimal) -> Money:
    return Money(whole.amount * of / all_, whole.currency).rounded() if all_ else whole


def _too_much(refund: Refund, what: str) -> NeedsOperator:
    msg = f"{refund.ref} gives back {what}"
    fix = (
        f"correct the refund in the shop, or post the credit memo by hand with reference "
        f"{refund.ref}; then retry the case"
    )
    return NeedsOperator(msg, reason="REFUND_TOO_LARGE", fix=fix)
