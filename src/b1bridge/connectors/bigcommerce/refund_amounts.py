"""A refund in the words of the trade: what it is for, and how its money went back; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from b1bridge.connectors.bigcommerce.order_amounts import fee_name
from b1bridge.connectors.bigcommerce.refund_money import money_back
from b1bridge.connectors.bigcommerce.wire import (
    ZERO,
    WireFee,
    WireOrder,
    WireProduct,
    WireRefund,
    WireRefundItem,
    WireTransaction,
)
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.refunds import Refund, Refunded, RefundPart

_CHARGES = {"SHIPPING": "shipping", "HANDLING": "handling", "FEE": "fee"}
_NO_FEE = WireFee(cost_ex_tax=ZERO, cost_inc_tax=ZERO)


def refund_from(
    wire: WireRefund,
    order: WireOrder,
    products: Sequence[WireProduct],
    transactions: Sequence[WireTransaction],
    ref: Ref,
) -> Refund:
    """Translate a refund of an order; `products` may be missing where no charge went back."""
    currency = order.default_currency_code
    return Refund(
        ref=Ref(ref.connection, "refund", f"{ref.id}/{wire.id}"),
        order=ref,
        made_at=wire.created,
        parts=_parts(wire, order, products),
        payments=money_back(wire, order, transactions),
        total=Money(wire.total_amount, currency).rounded(),
        tax=Money(wire.total_tax, currency).rounded(),
        reason=wire.reason or next((item.reason for item in wire.items if item.reason), ""),
    )


def _parts(
    wire: WireRefund, order: WireOrder, products: Sequence[WireProduct]
) -> tuple[RefundPart, ...]:
    """Return what was refunded; nothing at all stands for a correction of tax (orders.v3.yml)."""
    total = Money(wire.total_amount, order.default_currency_code).rounded()
    if not wire.items:
        return (RefundPart(Refunded.TAX, amount=total, reason=wire.reason),)
    charged = _charges_with_tax(wire, order, products)
    charged |= _wrapping(wire, order, products, sum(charged.values(), ZERO))
    parts = [_part(item, order, charged.get(at)) for at, item in enumerate(wire.items)]
    if wire.uses_merchant_override_values and len(parts) == 1:
        # The merchant's own figure replaces whatever the one item would have come to.
        (one,) = parts
        return (RefundPart(one.what, one.name, one.quantity, total, None, one.reason),)
    return tuple(parts)


def _part(item: WireRefundItem, order: WireOrder, charged: Decimal | None) -> RefundPart:
    currency = order.default_currency_code
    if item.item_type == "PRODUCT":
        off = -sum((adjustment.amount for adjustment in item.adjustments), ZERO)
        named = "; ".join(a.description for a in item.adjustments if a.description)
        return RefundPart(
            Refunded.GOODS,
            str(item.item_id),
            item.quantity,
            deducted=Money(off, currency).rounded() if off else None,
            reason=named or item.reason,
        )
    asked = item.requested_amount or ZERO
    amount = Money(asked if charged is None else charged, currency).rounded()
    if item.item_type == "GIFT_WRAPPING":
        return RefundPart(
            Refunded.CHARGE, "wrapping", item.quantity, amount=amount, reason=item.reason
        )
    if item.item_type in _CHARGES:
        name = _CHARGES[item.item_type]
        if item.item_type == "FEE":
            name = fee_name(_fee_of(item, order).display_name_merchant)
        return RefundPart(Refunded.CHARGE, name, amount=amount, reason=item.reason)
    return RefundPart(Refunded.GOODWILL, amount=amount, reason=item.reason)


def _charges_with_tax(
    wire: WireRefund, order: WireOrder, products: Sequence[WireProduct]
) -> dict[int, Decimal]:
    """Return what each refunded charge comes to with its tax, by its place among the items.

    Whether the amount that staff typed includes tax is nowhere told. Both readings are tried,
    and the one stands that comes nearer to what the refund came to. Beside gift wrapping, whose
    worth is not told either, staff is taken to type what the store's prices are.
    """
    typed = {
        at: item.requested_amount or ZERO
        for at, item in enumerate(wire.items)
        if item.item_type in _CHARGES
    }
    raised = {at: amount * _raise_of(wire.items[at], order) for at, amount in typed.items()}
    if raised == typed or wire.uses_merchant_override_values:
        return typed
    if any(item.item_type == "GIFT_WRAPPING" for item in wire.items):
        return typed if order.is_tax_inclusive_pricing else raised
    rest = wire.total_amount - _goods(wire, products) - _as_a_whole(wire)
    readings = (typed, raised)
    return min(readings, key=lambda reading: abs(sum(reading.values(), ZERO) - rest))


def _wrapping(
    wire: WireRefund, order: WireOrder, products: Sequence[WireProduct], charges: Decimal
) -> dict[int, Decimal]:
    """Return what gift wrapping came to, by its place: what the refund's other items leave.

    It is refunded by the piece, and nowhere is told what the wrapping of a piece costs.
    """
    wrapped = [at for at, item in enumerate(wire.items) if item.item_type == "GIFT_WRAPPING"]
    rest = wire.total_amount - _goods(wire, products) - _as_a_whole(wire) - charges
    if not wrapped:
        return {}
    whole = Money(max(rest, ZERO), order.default_currency_code).rounded()
    shares = whole.split([max(wire.items[at].quantity, Decimal(1)) for at in wrapped])
    return {at: share.amount for at, share in zip(wrapped, shares, strict=True)}


def _raise_of(item: WireRefundItem, order: WireOrder) -> Decimal:
    """Return what an amount without tax is multiplied by to include the tax of that charge."""
    if item.item_type == "FEE":
        fee = _fee_of(item, order)
        net, gross = fee.cost_ex_tax, fee.cost_inc_tax
    elif item.item_type == "SHIPPING":
        net, gross = order.shipping_cost_ex_tax, order.shipping_cost_inc_tax
    else:
        net, gross = order.handling_cost_ex_tax, order.handling_cost_inc_tax
    return gross / net if net else Decimal(1)


def _fee_of(item: WireRefundItem, order: WireOrder) -> WireFee:
    return next((fee for fee in order.fees if fee.id == item.item_id), _NO_FEE)


def _goods(wire: WireRefund, products: Sequence[WireProduct]) -> Decimal:
    """Return about what the goods came to: near enough to tell two readings of a charge apart."""
    paid = {product.id: product for product in products}
    return sum((_piece(paid, item) for item in wire.items if item.item_type == "PRODUCT"), ZERO)


def _piece(paid: Mapping[int, WireProduct], item: WireRefundItem) -> Decimal:
    off = sum((adjustment.amount for adjustment in item.adjustments), ZERO)
    product = paid.get(item.item_id)
    if product is None or not product.quantity:
        return off
    gross = product.discounted_total_inc_tax
    whole = product.total_inc_tax if gross is None else gross
    return whole * item.quantity / product.quantity + off


def _as_a_whole(wire: WireRefund) -> Decimal:
    named = [i.requested_amount or ZERO for i in wire.items if i.item_type == "ORDER"]
    return sum(named, ZERO)
