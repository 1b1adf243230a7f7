"""How far the books are with the order of a deal, in words that fit into its custom fields."""

from __future__ import annotations

from collections.abc import Sequence

from b1bridge.domain.crm import FieldValue
from b1bridge.domain.crm_fields import DELIVERY, INVOICE
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.standing import Standing, base_reference, left_of

DEAL = "deal"
_REF_PARTS = 3


def deal_of(reference: str, connection: str) -> Ref | None:
    """Return the deal of one CRM that a document's reference names, a change's included."""
    parts = base_reference(reference).split("/", _REF_PARTS - 1)
    if len(parts) != _REF_PARTS or parts[:2] != [connection, DEAL]:
        return None
    return Ref(*parts)


def progress(
    orders: Sequence[Standing], deliveries: Sequence[Standing], invoices: Sequence[Standing]
) -> dict[str, FieldValue]:
    """Say what was delivered and what was paid; nothing of either is an empty text."""
    return {DELIVERY: _delivered(orders, deliveries), INVOICE: _invoiced(invoices)}


def _delivered(orders: Sequence[Standing], deliveries: Sequence[Standing]) -> str:
    if not deliveries:
        return ""
    whole = orders and not any(row.open_quantity for one in orders for row in one.rows)
    return f"{'delivered' if whole else 'partly delivered'}: {_numbers(deliveries)}"


def _invoiced(invoices: Sequence[Standing]) -> str:
    if not invoices:
        return ""
    left = Money.sum((left_of(one) for one in invoices), invoices[0].totals.total.currency)
    return f"{f'{left} open' if left else 'paid'}: {_numbers(invoices)}"


def _numbers(documents: Sequence[Standing]) -> str:
    return ", ".join(str(one.posted.number) for one in documents)
