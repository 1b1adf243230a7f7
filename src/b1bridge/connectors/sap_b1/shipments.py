"""Deliveries by the page, with all that lies in them (sap-service-layer.md 8 and 14).

A page costs: the deliveries, the names of the orders and of the reserve invoices they were drawn
from, and once a minute the shipping types. Whoever names orders pays for finding them as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from pydantic import Field

from b1bridge.connectors.sap_b1.client.odata import (
    Filter,
    alternatives,
    and_,
    eq,
    ge,
    gt,
    le,
    ne,
    speakable,
)
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.code_lists import SapCodeLists
from b1bridge.connectors.sap_b1.drawn_deliveries import (
    BASES,
    DELIVERIES,
    DrawnDeliveries,
    WireBase,
)
from b1bridge.connectors.sap_b1.wire import (
    Amount,
    Row,
    Text,
    Wire,
    WireDocument,
    WireMovedRow,
    fields_of,
)
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, OBJECT_TYPES
from b1bridge.domain.codes import CodeKind
from b1bridge.domain.identity import Posted
from b1bridge.domain.listing import Listed
from b1bridge.domain.parcels import tracking_numbers
from b1bridge.domain.shipment_search import Batched, Shipment, ShipmentQuery, ShippedRow
from b1bridge.sdk.reading import read

KIND = "delivery"
_PART = "iIngredient"
_KINDS = {int(OBJECT_TYPES[kind]): kind for kind in BASES}
# The document that cancels a delivery mirrors it, and nothing leaves with it (9.3).
_NO_MIRROR = ne("CancelStatus", "csCancellation")
Bases = Mapping[tuple[int, int], WireBase]


class WireBatchOfRow(Wire):
    """So much of a batch, in inventory units; the name is that of version 1."""

    number: Text = Field(alias="BatchNumber", default="")
    quantity: Amount = Field(alias="Quantity", default=Decimal(0))
    expires: date | None = Field(alias="ExpiryDate", default=None)


class WireSerialOfRow(Wire):
    """One piece; which of the two numbers a company uses is its own choice."""

    own: Text = Field(alias="InternalSerialNumber", default="")
    maker: Text = Field(alias="ManufacturerSerialNumber", default="")


class WireShippedRow(WireMovedRow):
    """A row with what people want to know of it."""

    name: Text = Field(alias="ItemDescription", default="")
    unit_code: Text = Field(alias="UoMCode", default="")
    unit_name: Text = Field(alias="MeasureUnit", default="")
    warehouse: Text = Field(alias="WarehouseCode", default="")
    batches: Sequence[WireBatchOfRow] = Field(alias="BatchNumbers", default=())
    serials: Sequence[WireSerialOfRow] = Field(alias="SerialNumbers", default=())


class WireShipment(WireDocument):
    """A delivery with its rows."""

    customer: Text = Field(alias="CardCode")
    customer_name: Text = Field(alias="CardName")
    shipped_on: date = Field(alias="DocDate")
    carrier: int | None = Field(alias="TransportationCode")
    rows: Sequence[WireShippedRow] = Field(alias="DocumentLines")


class SapShipments(DrawnDeliveries, SapCodeLists):
    """The ShipmentSearch capability."""

    async def shipments(self, query: ShipmentQuery) -> Listed[Shipment]:
        """Return a page; a document that cancels a delivery is none itself."""
        if not speakable(query.customer):
            return Listed(())
        tracking = self._settings.tracking_field
        rows = await self._deliveries(query, (*fields_of(WireShipment), tracking))
        wires = [(_wire(row), str(row.get(tracking) or "")) for row in rows[: query.limit]]
        bases = await self._documents_behind([wire for wire, _ in wires])
        carriers = await self._carriers([wire for wire, _ in wires])
        found = [_shipment(wire, text, bases, carriers) for wire, text in wires]
        last = str(found[-1].posted.entry) if len(rows) > query.limit else ""
        return Listed(tuple(found), last)

    async def _deliveries(self, query: ShipmentQuery, select: Sequence[str]) -> list[Row]:
        """Read one more than is wanted, to know whether there are more."""
        found: list[Row] = []
        for where in await self._scopes(query):
            async for rows in windows(
                self._service,
                DELIVERIES,
                key="DocEntry",
                select=select,
                where=where,
                size=query.limit + 1,
            ):
                found.extend(rows)
                if len(found) > query.limit:
                    return found
        return found

    async def _scopes(self, query: ShipmentQuery) -> list[Filter]:
        """Return conditions, the later of which match later keys alone."""
        asked = and_(_NO_MIRROR, gt("DocEntry", query.after), *_conditions(query))
        if not query.references:
            return [asked]
        entries = await self.deliveries_for(filter(speakable, query.references))
        wanted = (eq("DocEntry", entry) for entry in entries if entry > query.after)
        return [and_(asked, some) for some in alternatives(wanted)]

    async def _documents_behind(self, wires: Iterable[WireShipment]) -> Bases:
        drawn_from = {base for wire in wires for row in wire.rows if (base := _base_of(row))}
        found: dict[tuple[int, int], WireBase] = {}
        for number, kind in _KINDS.items():
            entries = sorted(entry for of, entry in drawn_from if of == number)
            async for one in self.headers(
                ENTITY_SETS[kind], (eq("DocEntry", one) for one in entries)
            ):
                found[number, one.entry] = one
        return found

    async def _carriers(self, wires: Iterable[WireShipment]) -> Mapping[int, str]:
        if not any(wire.carrier for wire in wires):
            return {}
        types = await self.codes(CodeKind.SHIPPING_TYPES, date.min)
        return {int(one.code): one.name for one in types}


def _conditions(query: ShipmentQuery) -> Iterator[Filter]:
    if query.customer:
        yield eq("CardCode", query.customer)
    if query.since:
        yield ge("DocDate", query.since)
    if query.until:
        yield le("DocDate", query.until)
    if query.changed_since:
        yield ge("UpdateDate", query.changed_since)


def _wire(row: Row) -> WireShipment:
    return read(WireShipment, row, system=SYSTEM, record=f"delivery {row.get('DocEntry')}")


def _shipment(
    wire: WireShipment, tracking: str, bases: Bases, carriers: Mapping[int, str]
) -> Shipment:
    return Shipment(
        posted=Posted(KIND, wire.entry, wire.number),
        customer=wire.customer,
        customer_name=wire.customer_name,
        shipped_on=wire.shipped_on,
        is_cancelled=not wire.stands,
        carrier=carriers.get(wire.carrier or 0, ""),
        tracking=tuple(tracking_numbers(tracking)),
        rows=tuple(_row(row, wire, bases) for row in wire.rows),
    )


def _row(row: WireShippedRow, wire: WireShipment, bases: Bases) -> ShippedRow:
    """Translate a row; one that the warehouse typed is known by the delivery's own reference."""
    drawn_from = _base_of(row)
    base = bases.get(drawn_from) if drawn_from else None
    posted = None
    if drawn_from and base:
        posted = Posted(_KINDS[drawn_from[0]].value, base.entry, base.number)
    serials = (one.own or one.maker for one in row.serials)
    return ShippedRow(
        number=row.number,
        item=row.item,
        name=row.name,
        quantity=row.quantity,
        unit=row.unit_name or row.unit_code,
        warehouse=row.warehouse,
        reference=base.reference if base else wire.reference,
        base=posted,
        is_part_of_kit=row.tree == _PART or (row.parent is not None and row.parent >= 0),
        batches=tuple(Batched(one.number, one.quantity, one.expires) for one in row.batches),
        serials=tuple(serial for serial in serials if serial),
    )


def _base_of(row: WireMovedRow) -> tuple[int, int] | None:
    """Return type and key of the order or invoice that a row was drawn from."""
    if row.base_type not in _KINDS or row.base_entry is None:
        return None
    return (row.base_type, row.base_entry)
