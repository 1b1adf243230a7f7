"""What each line of an order was sold for, after all discounts, on the side that is exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.connectors.bigcommerce.taxes import (
    Rate,
    guessed_rate,
    rate_of,
    rows_by_line,
    rows_of_charge,
)
from b1bridge.connectors.bigcommerce.wire import (
    ZERO,
    OrderParts,
    WireOrder,
    WireProduct,
    WireTax,
)
from b1bridge.domain.money import Money, decimals_of, rounded

_CENT = Decimal("0.01")
_ROUNDING = Decimal("0.05")
_SHIPPING_COUPONS = {3, 4}


@dataclass(frozen=True, slots=True)
class Part:
    """A line or charge: `exact` includes tax when the store's prices do."""

    name: str
    exact: Decimal
    tax: Decimal
    rate: Rate
    discount: Decimal = ZERO


def amounts_of(parts: OrderParts) -> tuple[list[Part], list[Part]]:
    """Return one part per product, in their order, and the charges that cost anything."""
    rows = rows_by_line(parts.taxes)
    lines = [_line(parts, product, rows.get(product.id, [])) for product in parts.products]
    charges = _charges(parts.order, parts.taxes)
    lines, charges = _with_uncarried_discounts(parts, lines, charges)
    alone = [product.id not in rows for product in parts.products]
    lines = _with_unclaimed_tax(parts.order, lines, alone, charges)
    lines = _to_the_cent(lines, parts.order.default_currency_code)
    costly = [charge for charge in charges if charge.exact or charge.tax]
    return lines, [part for one in costly for part in _over_the_rates(parts.order, one, lines)]


def _line(parts: OrderParts, product: WireProduct, rows: Sequence[WireTax]) -> Part:
    tax = sum((row.line_amount for row in rows), ZERO) if rows else product.total_tax
    rate = rate_of(rows) or guessed_rate(parts.taxes, product.total_ex_tax, product.total_tax)
    listed = product.total_ex_tax
    paid = product.discounted_total_inc_tax
    if parts.order.is_tax_inclusive_pricing:
        listed = product.total_inc_tax
        exact = _less_discounts(product, listed) if paid is None else paid
    else:
        exact = _less_discounts(product, listed, None if paid is None else paid - tax)
    return Part(product.name, exact, tax, rate, listed - exact)


def _less_discounts(product: WireProduct, listed: Decimal, near: Decimal | None = None) -> Decimal:
    """Take off what the line lists as discounts; `near` is an estimate of what should be left.

    Whether a discount of target `product` is inside the line's total already is not published;
    the estimate decides, and without one it is taken to be.
    """
    of_order = sum((d.amount for d in product.applied_discounts if d.target == "order"), ZERO)
    of_both = sum((d.amount for d in product.applied_discounts), ZERO)
    readings = (listed - of_order, listed - of_both)
    return readings[0] if near is None else min(readings, key=lambda left: abs(left - near))


def _charges(order: WireOrder, taxes: Sequence[WireTax]) -> list[Part]:
    """Return shipping, handling, gift wrapping and fees; shipping comes first."""
    named = [
        _charge(order, taxes, name, kind)
        for name, kind in (
            ("shipping", "shipping"),
            ("handling", "handling"),
            ("wrapping", "gift-wrapping"),
        )
    ]
    fees = [
        Part(
            fee_name(fee.display_name_merchant),
            fee.cost_inc_tax if order.is_tax_inclusive_pricing else fee.cost_ex_tax,
            fee.cost_tax,
            guessed_rate(taxes, fee.cost_ex_tax, fee.cost_tax),
        )
        for fee in order.fees
    ]
    return named + fees


def fee_name(displayed: str) -> str:
    """Name a fee as the freight crosswalk does: "fee: Tip", where "fee" alone stands for all."""
    return f"fee: {displayed}" if displayed else "fee"


def _charge(order: WireOrder, taxes: Sequence[WireTax], name: str, kind: str) -> Part:
    side = "inc" if order.is_tax_inclusive_pricing else "ex"
    tax: Decimal = getattr(order, f"{name}_cost_tax")
    net: Decimal = getattr(order, f"{name}_cost_ex_tax")
    rate = rate_of(rows_of_charge(taxes, kind)) or guessed_rate(taxes, net, tax)
    return Part(name, getattr(order, f"{name}_cost_{side}_tax"), tax, rate)


def _over_the_rates(order: WireOrder, charge: Part, lines: Sequence[Part]) -> list[Part]:
    """Split a charge by the net value of the goods of each rate (correctness-rules 3.3).

    Only where its tax is not that of one rate, and is that of all of them.
    """
    net = _net(order, charge)
    if abs(net * charge.rate[1] / 100 - charge.tax) <= _CENT:
        return [charge]
    weights: dict[Rate, Decimal] = {}
    for line in lines:
        weights[line.rate] = weights.get(line.rate, ZERO) + _net(order, line)
    nets = _split(net, list(weights.values()), order.default_currency_code)
    shares = zip(nets, weights, strict=True)
    split = [_taxed(order, charge.name, share, rate) for share, rate in shares if share]
    explained = sum((part.tax for part in split), ZERO) == charge.tax
    return split if explained else [charge]


def _net(order: WireOrder, part: Part) -> Decimal:
    return part.exact - part.tax if order.is_tax_inclusive_pricing else part.exact


def _taxed(order: WireOrder, name: str, net: Decimal, rate: Rate) -> Part:
    tax = rounded(net * rate[1] / 100, decimals_of(order.default_currency_code))
    return Part(name, net + tax if order.is_tax_inclusive_pricing else net, tax, rate)


def _with_uncarried_discounts(
    parts: OrderParts, lines: list[Part], charges: list[Part]
) -> tuple[list[Part], list[Part]]:
    """Take discounts off that the lines do not carry, if they explain what is too much.

    A shipping coupon comes off shipping; the rest is spread over the lines by value.
    """
    order = parts.order
    carried = sum((line.discount for line in lines), ZERO)
    on_shipping = sum((c.discount for c in parts.coupons if c.type in _SHIPPING_COUPONS), ZERO)
    on_lines = order.discount_amount + order.coupon_discount - on_shipping - carried
    missing = _above_the_charged(order, [*lines, *charges])
    for shipping in dict.fromkeys((ZERO, min(on_shipping, charges[0].exact))):
        explained = shipping + max(on_lines, ZERO)
        if explained and abs(missing - explained) <= _ROUNDING:
            less = replace(charges[0], exact=charges[0].exact - shipping)
            return _spread(order, missing - shipping, lines), [less, *charges[1:]]
    return lines, charges


def _above_the_charged(order: WireOrder, parts: Sequence[Part]) -> Decimal:
    stated = order.total_inc_tax if order.is_tax_inclusive_pricing else order.total_ex_tax
    return sum((part.exact for part in parts), ZERO) - stated


def _spread(order: WireOrder, discount: Decimal, lines: list[Part]) -> list[Part]:
    shares = _split(discount, [line.exact for line in lines], order.default_currency_code)
    return [
        replace(line, exact=line.exact - share, discount=line.discount + share)
        for line, share in zip(lines, shares, strict=True)
    ]


def _with_unclaimed_tax(
    order: WireOrder, lines: list[Part], alone: Sequence[bool], charges: Sequence[Part]
) -> list[Part]:
    """Share out the tax that no row assigns to a line, by what the lines say before discounts.

    `alone` tells which lines no tax row names.
    """
    weights = [line.tax if a else ZERO for line, a in zip(lines, alone, strict=True)]
    claimed = [line.tax for line, a in zip(lines, alone, strict=True) if not a]
    rest = order.total_tax - sum((*claimed, *(c.tax for c in charges)), ZERO)
    if rest < 0 or min(weights, default=ZERO) < 0 or not any(weights):
        return lines
    shares = _split(rest, weights, order.default_currency_code)
    return [
        replace(line, tax=share) if a else line
        for line, share, a in zip(lines, shares, alone, strict=True)
    ]


def _to_the_cent(lines: list[Part], currency: str) -> list[Part]:
    """Round lines that unit prices of four decimals left with parts of a cent; the sum stays."""
    amounts = [line.exact for line in lines]
    decimals = decimals_of(currency)
    whole = all(amount == rounded(amount, decimals) for amount in amounts)
    if whole or min(amounts) < 0:
        return lines
    shares = _split(rounded(sum(amounts, ZERO), decimals), amounts, currency)
    return [replace(line, exact=share) for line, share in zip(lines, shares, strict=True)]


def _split(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    positive = [max(ZERO, weight) for weight in weights]
    if not any(positive):
        return [ZERO for _ in weights]
    return [share.amount for share in Money(total, currency).split(positive)]
