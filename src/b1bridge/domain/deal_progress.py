"""How far the books are with the order of a deal, in words that fit into its custom fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from b1bridge.domain.crm import FieldValue
from b1bridge.domain.crm_fields import DELIVERY, EXPECTED, INVOICE, OPEN
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.standing import Standing, StandingRow, base_reference, left_of

DEAL = "deal"
_REF_PARTS = 3
_LONGEST = 255


def deal_of(reference: str, connection: str) -> Ref | None:
    """Return the deal of one CRM that a document's reference names, a change's included."""
    if not names_deal(reference):
        return None
    deal = Ref.parse(base_reference(reference))
    return deal if deal.connection == connection else None


def names_deal(reference: str) -> bool:
    """Tell whether a reference is that of a deal, of whatever CRM."""
    parts = reference.split("/", _REF_PARTS - 1)
    return len(parts) == _REF_PARTS and parts[1] == DEAL


def progress(
    orders: Sequence[Standing], deliveries: Sequence[Standing], invoices: Sequence[Standing]
) -> dict[str, FieldValue]:
    """Say what was delivered, what was paid, and what is open until when.

    Where there is nothing to say of one of these, its text is empty.
    """
    rows = [row for one in orders for row in one.rows if _is_open(row)]
    days = [row.ship_on for row in rows if row.ship_on]
    return {
        DELIVERY: _cut(_delivered(orders, deliveries)),
        INVOICE: _cut(_invoiced(invoices)),
        OPEN: _cut(", ".join(map(_left, rows))),
        EXPECTED: min(days, default=None),
    }


def differences(
    wanted: Mapping[str, FieldValue], noted: Mapping[str, FieldValue]
) -> dict[str, FieldValue]:
    """Return what is not noted yet; an empty field is as good as none."""
    return {name: value for name, value in wanted.items() if _text(value) != _text(noted.get(name))}


def _text(value: FieldValue) -> str:
    return "" if value is None else str(value)


def _is_open(row: StandingRow) -> bool:
    return row.is_open and row.open_quantity > 0 and not row.is_part_of_kit


def _left(row: StandingRow) -> str:
    left, ordered = (format(n.normalize(), "f") for n in (row.open_quantity, row.quantity))
    return f"{row.item or row.description} {left} of {ordered}"


def _cut(text: str) -> str:
    """End a list that is too long for its field with the last part that fits."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 3].rpartition(', ')[0]}, …"


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
