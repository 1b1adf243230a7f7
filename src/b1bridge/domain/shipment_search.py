"""Deliveries as a client of the hub asks for them: by its orders, a customer, or days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from b1bridge.domain.identity import Posted
from b1bridge.domain.standing import base_reference

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentQuery:
    """All conditions hold together; days are as the books date things, both ends included.

    `references` are those of the books' documents (api/order/WEB-1). `after` is the key of the
    last delivery of the page before.
    """

    references: tuple[str, ...] = ()
    customer: str = ""
    since: date | None = None
    until: date | None = None
    changed_since: date | None = None
    after: int = 0
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Batched:
    """So much of one batch that left, in inventory units."""

    number: str
    quantity: Decimal
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class ShippedRow:
    """One row of a delivery, in the unit of the row.

    `reference` is that of the document it was drawn from, which is `base`; both are empty where
    the warehouse typed the row. A part of a kit stands below the kit.
    """

    number: int
    item: str
    name: str
    quantity: Decimal
    unit: str
    warehouse: str
    reference: str = ""
    base: Posted | None = None
    is_part_of_kit: bool = False
    batches: tuple[Batched, ...] = ()
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shipment:
    """A delivery of the books with all of its rows, whoever ordered them.

    `carrier` is the name of the shipping type.
    """

    posted: Posted
    customer: str
    customer_name: str
    shipped_on: date
    is_cancelled: bool
    carrier: str
    tracking: tuple[str, ...]
    rows: tuple[ShippedRow, ...]


def reference_in_books(connection: str, reference: str) -> str:
    """Return what the books' documents carry for an order of a connection."""
    return f"{connection}/order/{reference}"


def own_reference(connection: str, reference: str) -> str:
    """Return the reference that a connection gave its order; nothing for an order of another."""
    prefix = reference_in_books(connection, "")
    found = base_reference(reference)
    return found.removeprefix(prefix) if found.startswith(prefix) else ""
