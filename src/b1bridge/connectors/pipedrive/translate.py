"""From Pipedrive's JSON to deals; pure (pipedrive-whatsapp.md 1.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from b1bridge.connectors.pipedrive.wire import (
    WireDeal,
    WireDiscount,
    WireLine,
    WireProduct,
    WireRecord,
)
from b1bridge.domain.crm import Deal, DealLine, DealStatus, FieldValue, TaxMethod, content_hash
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money, decimals_of, rounded

_HUNDRED = Decimal(100)
_SHORT = 8  # characters of a digest that tell two versions of one deal apart


def deal_from(
    wire: WireDeal,
    lines: Sequence[WireLine],
    ref: Ref,
    *,
    stage: str,
    organization: WireRecord | None,
    key_code: str,
    items: Mapping[int, WireProduct],
    noted: Mapping[str, Any],
) -> Deal:
    """Put a deal together from what was read of it; lines that are switched off are left out."""
    custom = organization.custom_fields if organization else {}
    return Deal(
        ref=ref,
        title=wire.title,
        status=DealStatus(wire.status),
        stage=stage,
        currency=wire.currency,
        value=Money(wire.value or Decimal(0), wire.currency),
        organization=str(organization.id) if organization else "",
        organization_key=str(custom.get(key_code) or ""),
        organization_name=organization.name if organization else "",
        person=str(wire.person_id) if wire.person_id else "",
        lines=tuple(_line(one, wire.currency, items) for one in lines if one.is_enabled),
        updated_at=wire.update_time,
        won_at=wire.won_time,
        digest=digest_of(wire),
        noted=noted_from(noted),
    )


def noted_from(custom: Mapping[str, Any]) -> dict[str, FieldValue]:
    """Write the values of custom fields as text."""
    return {name: None if value is None else str(value) for name, value in custom.items()}


def digest_of(wire: WireDeal) -> str:
    """Digest what a deal says without its lines; our own custom fields are left out."""
    said = (wire.status, wire.stage_id, wire.currency, wire.value, wire.org_id)
    return content_hash(said)[:_SHORT]


def _line(wire: WireLine, currency: str, items: Mapping[int, WireProduct]) -> DealLine:
    product = items.get(wire.product_id or 0)
    return DealLine(
        id=str(wire.id),
        product=str(wire.product_id or ""),
        item=(product.code or "") if product else "",
        name=wire.name,
        quantity=wire.quantity,
        price=Money(wire.item_price, currency),
        discount=_discount(wire, currency),
        tax=wire.tax,
        tax_method=TaxMethod(wire.tax_method),
    )


def discounted(
    lines: Sequence[DealLine], discounts: Sequence[WireDiscount]
) -> tuple[DealLine, ...]:
    """Take the discounts of the whole deal off its lines, each by its share, to the cent.

    They are off what the lines come to as they are priced, before a tax on top, and a percentage is
    one of that, whatever other discounts there are (guess).
    """
    if not lines or not discounts:
        return tuple(lines)
    sold = [_sold_for(line) for line in lines]
    total = Money.sum(sold, lines[0].price.currency)
    off = Money.sum((_off(one, total) for one in discounts), total.currency)
    weights = [max(one.amount, Decimal(0)) for one in sold]
    shares = off.split(weights if any(weights) else [Decimal(1)] * len(lines))
    return tuple(
        replace(line, discount=line.discount + share)
        for line, share in zip(lines, shares, strict=True)
    )


def _sold_for(line: DealLine) -> Money:
    whole = Money(line.quantity * line.price.amount, line.price.currency)
    return (whole - line.discount).rounded()


def _off(discount: WireDiscount, total: Money) -> Money:
    if discount.type == "amount":
        return Money(discount.amount, total.currency).rounded()
    return Money(total.amount * discount.amount / _HUNDRED, total.currency).rounded()


def _discount(wire: WireLine, currency: str) -> Money:
    """Return the money off a line, to the cent as its sum is shown."""
    if wire.discount_type == "amount":
        return Money(wire.discount, currency)
    off = wire.item_price * wire.quantity * wire.discount / _HUNDRED
    return Money(rounded(off, decimals_of(currency)), currency)
