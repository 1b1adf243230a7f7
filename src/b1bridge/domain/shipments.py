"""Goods that left: deliveries as the books keep them, fulfillments as a shop shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from b1bridge.domain.identity import Posted, Ref


@dataclass(frozen=True, slots=True)
class DeliveredRow:
    """One row of a delivery that was drawn from a document of ours.

    `reference` is that document's, `place` counts the rows of the same item there from 0.
    `quantity` is in the unit that the document's own row sells in, so in pieces of the shop.
    """

    reference: str
    item: str
    place: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as it stands now; `carrier` is the books' code, empty when none was chosen.

    Its rows are those of orders of ours alone; a component of a kit leaves with its kit.
    `expected` is the day by which the books mean to deliver what these orders still have open.
    """

    ref: Ref
    posted: Posted
    is_cancelled: bool
    carrier: str
    tracking: str
    rows: tuple[DeliveredRow, ...]
    expected: date | None = None


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """What a shop shows its shopper of one parcel.

    `lines` is a quantity by the id of the order's line. `mark` tells by which delivery and parcel
    it is ours; it is empty on what somebody else entered. `id` is the shop's own, empty until
    it has one.
    """

    order: Ref
    lines: Mapping[str, Decimal]
    carrier: str
    tracking: str
    mark: str
    id: str = ""
