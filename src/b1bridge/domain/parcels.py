"""Which fulfillments a shop ought to show of a delivery (correctness-rules 3.16).

Books and shop count rows of their own, so a row of a delivery is shown on the line of the same
item: the line at the same place among the lines of that item, as far as it is still open, then
the others in their order. The books do not say which piece lies in which parcel: pieces are dealt
out to the parcels evenly, in the order of the lines. What is shown already is never dealt anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from b1bridge.domain.identity import Ref
from b1bridge.domain.orders import Order, OrderLine, OrderState
from b1bridge.domain.shipments import DeliveredRow, Delivery, Fulfillment
from b1bridge.domain.standing import base_reference
from b1bridge.errors import NeedsOperator

ZERO = Decimal(0)
Pieces = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """What a shop says of an order: its lines, what it shows as shipped, what it refunded.

    `refunded` is a quantity by the id of the order's line.
    """

    order: Order
    fulfillments: tuple[Fulfillment, ...]
    refunded: Mapping[str, Decimal]

    def shipped(self) -> Pieces:
        """Sum up what all fulfillments show, by line."""
        return summed(self.fulfillments)

    def room(self) -> Pieces:
        """Return how much more of each line can have left.

        What was refunded before it could have left is cancelled; what was refunded afterwards
        may have come back, which leaves the rest of the order as it was.
        """
        shipped = self.shipped()
        return {
            line.id: max(ZERO, self._sold(line) - max(shipped.get(line.id, ZERO), self._back(line)))
            for line in self.order.lines
        }

    def to_come(self) -> Decimal:
        """Return how many pieces the shopper still waits for, of those that were not refunded."""
        shipped = self.shipped()
        waiting = (
            self._sold(line) - self._back(line) - shipped.get(line.id, ZERO)
            for line in self.order.lines
        )
        return sum((max(ZERO, pieces) for pieces in waiting), ZERO)

    def _sold(self, line: OrderLine) -> Decimal:
        return ZERO if self.order.state is OrderState.CANCELLED else line.quantity

    def _back(self, line: OrderLine) -> Decimal:
        return self.refunded.get(line.id, ZERO)


@dataclass(frozen=True, slots=True)
class Parcels:
    """What to do: enter the new ones, correct those that are shown with another tracking."""

    new: tuple[Fulfillment, ...]
    changed: tuple[Fulfillment, ...]


def orders_of(delivery: Delivery, connection: str) -> tuple[Ref, ...]:
    """Return the orders of one shop that a delivery brings goods for, each once."""
    named = (order_of(row) for row in delivery.rows)
    return tuple(dict.fromkeys(ref for ref in named if ref and ref.connection == connection))


def order_of(row: DeliveredRow) -> Ref | None:
    """Return the order whose document the row was drawn from, or whose change's it was."""
    parts = base_reference(row.reference).split("/", 2)
    return Ref(*parts) if len(parts) == 3 and parts[1] == "order" else None  # noqa: PLR2004 - a Ref has three


def own(delivery: Ref, fulfillments: Iterable[Fulfillment]) -> dict[int, Fulfillment]:
    """Return what is shown of a delivery already, by the number of the parcel."""
    numbered = ((parcel_number(delivery, shown.mark), shown) for shown in fulfillments)
    return {number: shown for number, shown in numbered if number}


def mark_of(delivery: Ref, number: int) -> str:
    """Mark the n-th parcel of a delivery, counted from 1: sap/delivery/77, sap/delivery/77/2."""
    return str(delivery) if number == 1 else f"{delivery}/{number}"


def delivery_of(mark: str) -> Ref | None:
    """Return the delivery that a mark names; None for what other hands entered."""
    parts = mark.split("/")
    return Ref(*parts[:3]) if len(parts) in {3, 4} and parts[1] == "delivery" else None


def parcel_number(delivery: Ref, mark: str) -> int:
    """Read what `mark_of` wrote; 0 when the mark is of something else."""
    if mark == str(delivery):
        return 1
    number = mark.removeprefix(f"{delivery}/")
    return int(number) if number != mark and number.isdecimal() else 0


def parcels_of(
    delivery: Delivery, shown: ShownOrder, items: Mapping[str, str], carrier: str
) -> Parcels:
    """Compare what left with what the shop shows; `items` is the item code by order line.

    Raises NeedsOperator (SHIPPED_TOO_MUCH) when more left than the order has open.
    """
    there = own(delivery.ref, shown.fulfillments)
    goods = _still_to_show(delivery, shown, there, items)
    numbers = _free_numbers(there, len(tracking_numbers(delivery.tracking))) if goods else []
    shares = dict(zip(numbers, dealt(goods, len(numbers)), strict=False)) if goods else {}
    wanted = {
        number: Fulfillment(shown.order.ref, lines, "", "", mark_of(delivery.ref, number))
        for number, lines in shares.items()
    }
    labelled = _labelled({**there, **wanted}, tracking_numbers(delivery.tracking), carrier)
    return Parcels(
        new=tuple(labelled[number] for number in wanted),
        changed=tuple(labelled[number] for number in there if labelled[number] != there[number]),
    )


def has_room(delivery: Delivery, shown: ShownOrder, items: Mapping[str, str]) -> bool:
    """Tell whether the order has all of this delivery left to ship, or shows it already."""
    try:
        _still_to_show(delivery, shown, own(delivery.ref, shown.fulfillments), items)
    except NeedsOperator:
        return False
    return True


def tracking_numbers(text: str) -> list[str]:
    """Read one number or several, with commas or semicolons between them."""
    numbers = (number.strip() for number in re.split("[,;]", text))
    return list(dict.fromkeys(number for number in numbers if number))


def dealt(goods: Mapping[str, Decimal], parcels: int) -> list[Pieces]:
    """Deal pieces out evenly, in the order of the lines; a parcel without a piece is none."""
    pieces = sum(goods.values(), ZERO)
    if pieces != pieces.to_integral_value():
        return [dict(goods)]
    count = max(1, min(parcels, int(pieces)))
    shares: list[Pieces] = []
    left = dict(goods)
    for number in range(count):
        room = pieces // count + (number < pieces % count)
        share: Pieces = {}
        for line, quantity in left.items():
            if taken := min(quantity, room):
                share[line] = taken
                left[line] -= taken
                room -= taken
        shares.append(share)
    return shares


def summed(fulfillments: Iterable[Fulfillment]) -> Pieces:
    """Add quantities up, by line."""
    total: Pieces = {}
    for shown in fulfillments:
        for line, quantity in shown.lines.items():
            total[line] = total.get(line, ZERO) + quantity
    return total


def _still_to_show(
    delivery: Delivery,
    shown: ShownOrder,
    there: Mapping[int, Fulfillment],
    items: Mapping[str, str],
) -> Pieces:
    """Choose the line of each piece that left and is not shown yet."""
    due = _not_shown_yet(delivery, shown.order.ref, there, items)
    left = shown.room()
    goods: Pieces = {}
    for row in (row for row in delivery.rows if order_of(row) == shown.order.ref):
        wanted = min(row.quantity, due[row.item])
        due[row.item] -= wanted
        for line in _lines_for(row, shown.order, items):
            if taken := min(wanted, left[line]):
                goods[line] = goods.get(line, ZERO) + taken
                left[line] -= taken
                wanted -= taken
        if wanted:
            raise _too_much(delivery, shown.order, row.item, wanted)
    return goods


def _not_shown_yet(
    delivery: Delivery, order: Ref, there: Mapping[int, Fulfillment], items: Mapping[str, str]
) -> Pieces:
    due: Pieces = {}
    for row in delivery.rows:
        if order_of(row) == order:
            due[row.item] = due.get(row.item, ZERO) + row.quantity
    for line, quantity in summed(there.values()).items():
        item = items.get(line, "")
        if item in due:
            due[item] = max(ZERO, due[item] - quantity)
    return due


def _lines_for(row: DeliveredRow, order: Order, items: Mapping[str, str]) -> list[str]:
    lines = [line.id for line in order.lines if items.get(line.id) == row.item]
    return lines[row.place : row.place + 1] + lines[: row.place] + lines[row.place + 1 :]


def _free_numbers(there: Mapping[int, Fulfillment], parcels: int) -> list[int]:
    free = [number for number in range(1, max(1, parcels) + 1) if number not in there]
    return free or [max(there) + 1]


def _labelled(
    parcels: Mapping[int, Fulfillment], tracking: list[str], carrier: str
) -> dict[int, Fulfillment]:
    """Give each parcel its number; where numbers are left over, the last parcel has them all."""
    order = sorted(parcels)
    texts = dict(zip(order, tracking, strict=False))
    if len(tracking) > len(order):
        texts[order[-1]] = ", ".join(tracking[len(order) - 1 :])
    return {
        number: replace(parcel, carrier=carrier, tracking=texts.get(number, ""))
        for number, parcel in parcels.items()
    }


def _too_much(delivery: Delivery, order: Order, item: str, over: Decimal) -> NeedsOperator:
    number = f"delivery {delivery.posted.number}"
    msg = (
        f"{order.ref}: {number} brings {over.normalize():f} of {item} more than order "
        f"{order.number} has left to ship"
    )
    fix = (
        f"correct the order in the shop, or cancel {number} in the books, then retry the case; "
        "or enter the shipment in the shop by hand and ignore the case with its number as the "
        "reason"
    )
    return NeedsOperator(msg, reason="SHIPPED_TOO_MUCH", fix=fix)
