"""What left the warehouse: found by order, customer or day, with batches, serials and tracking."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from b1bridge.bootstrap import Hub
from b1bridge.connectors.rest.fields import Day, OneLine, Reference, text_of
from b1bridge.domain.identity import Posted
from b1bridge.domain.listing import Listed
from b1bridge.domain.shipment_search import PAGE, Shipment, ShipmentQuery, ShippedRow
from b1bridge.web.api.bodies import JsonBody
from b1bridge.web.api.cursors import parts_of
from b1bridge.web.api.lookup_words import (
    MOST,
    Cursor,
    Limit,
    ShipmentReader,
    Shown,
    looking,
    next_of,
)
from b1bridge.web.api.numbers import Number

_LARGEST_KEY = 2**31 - 1
Customer = Annotated[str, text_of(15), OneLine]
Orders = Annotated[list[Reference], Field(max_length=MOST)]


class ShipmentsAsked(BaseModel):
    """Which shipments are meant: all that is named here holds together."""

    model_config = ConfigDict(extra="forbid")

    orders: Orders = Field(default=[], description="references of your own orders")
    customer: Customer = Field(default="", description="code of the business partner")
    since: Day | None = Field(default=None, description="first day on which something left")
    until: Day | None = Field(default=None, description="last day on which something left")
    changed_since: Day | None = Field(
        default=None, description="first day of the last change, such as a tracking number"
    )
    cursor: str = Field(default="", max_length=1024)
    limit: int = Field(default=PAGE, ge=1, le=MOST, strict=True)


class BaseShown(Shown):
    """The document of the books that a row was drawn from."""

    kind: str = Field(examples=["sales order"])
    entry: int
    number: int


class BatchShown(Shown):
    """So much of a batch, in inventory units."""

    number: str
    quantity: Number
    expires: date | None


class ShippedRowShown(Shown):
    """One row of a shipment; `order` is your own reference, null where you did not order it."""

    row: int
    item: str
    name: str
    quantity: Number
    unit: str
    warehouse: str
    order: str | None
    base: BaseShown | None
    kit_part: bool = Field(description="a part of the kit in a row above")
    batches: list[BatchShown]
    serials: list[str]


class ShipmentShown(Shown):
    """One delivery of the books; one that is cancelled never left, or came back."""

    entry: int = Field(description="key in the books")
    number: int = Field(description="number that people see")
    customer: str
    customer_name: str
    shipped_on: date
    cancelled: bool
    carrier: str = Field(description="name of the shipping type")
    tracking: list[str]
    orders: list[str] = Field(description="your own references in its rows")
    rows: list[ShippedRowShown]


class ShipmentsShown(Shown):
    """A page, in the order in which shipments were entered; `next` is null on the last."""

    shipments: list[ShipmentShown]
    next: str | None


_EXAMPLE: dict[str, Any] = {"orders": ["WEB-1001", "WEB-1002"], "since": "2026-11-01", "limit": 50}
Sent = Annotated[ShipmentsAsked, Depends(JsonBody(ShipmentsAsked, example=_EXAMPLE))]


def shipments(hub: Hub) -> APIRouter:
    """Make the routes of what left; a token sees the deliveries of the whole company."""
    router = looking("shipments")

    async def found(connection: str, asked: ShipmentsAsked) -> ShipmentsShown:
        after = parts_of(asked.cursor, int)[0] if asked.cursor else 0
        if after > _LARGEST_KEY:
            return ShipmentsShown(shipments=[], next=None)
        query = ShipmentQuery(
            references=tuple(dict.fromkeys(asked.orders)),
            after=after,
            **asked.model_dump(include={"customer", "since", "until", "changed_since", "limit"}),
        )
        return _shown(await hub.lookups.shipments(connection, query))

    @router.post("/shipments")
    async def find_shipments(bearer: ShipmentReader, asked: Sent) -> ShipmentsShown:
        """Find shipments by what the body says; nothing is written."""
        return await found(bearer.connection, asked)

    @router.get("/shipments")
    async def list_shipments(
        bearer: ShipmentReader,
        order: Annotated[list[Reference], Query(max_length=MOST, default_factory=list)],
        customer: Customer = "",
        since: Day | None = None,
        until: Day | None = None,
        changed_since: Day | None = None,
        cursor: Cursor = "",
        limit: Limit = PAGE,
    ) -> ShipmentsShown:
        """List shipments; `order` may be given several times."""
        asked = ShipmentsAsked.model_construct(
            orders=order,
            customer=customer,
            since=since,
            until=until,
            changed_since=changed_since,
            cursor=cursor,
            limit=limit,
        )
        return await found(bearer.connection, asked)

    return router


def _shown(page: Listed[Shipment]) -> ShipmentsShown:
    last = int(page.last) if page.last else 0
    return ShipmentsShown(shipments=[_shipment(one) for one in page.rows], next=next_of(last))


def _shipment(one: Shipment) -> ShipmentShown:
    return ShipmentShown(
        entry=one.posted.entry,
        number=one.posted.number,
        customer=one.customer,
        customer_name=one.customer_name,
        shipped_on=one.shipped_on,
        cancelled=one.is_cancelled,
        carrier=one.carrier,
        tracking=list(one.tracking),
        orders=list(dict.fromkeys(row.reference for row in one.rows if row.reference)),
        rows=[_row(row) for row in one.rows],
    )


def _row(row: ShippedRow) -> ShippedRowShown:
    return ShippedRowShown(
        row=row.number,
        item=row.item,
        name=row.name,
        quantity=row.quantity,
        unit=row.unit,
        warehouse=row.warehouse,
        order=row.reference or None,
        base=_base(row.base),
        kit_part=row.is_part_of_kit,
        batches=[BatchShown.model_validate(batch) for batch in row.batches],
        serials=list(row.serials),
    )


def _base(base: Posted | None) -> BaseShown | None:
    return BaseShown.model_validate(base) if base else None
