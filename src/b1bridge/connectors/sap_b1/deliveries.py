"""Deliveries: what left a warehouse for orders of ours, and which deliveries changed since when.

A delivery names its base rows; whose order it was stands on the base document, be that a sales
order or a reserve invoice (sap-service-layer.md 9.2).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.changes import Changes, Watermark, stamp_of
from b1bridge.connectors.sap_b1.client.odata import key, query
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import (
    WireDelivery,
    WireMovedRow,
    WireRowsOfBase,
    fields_of,
)
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, KINDS
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.shipments import DeliveredRow, Delivery
from b1bridge.sdk.reading import read

KIND = "delivery"
_SET = ENTITY_SETS[DocumentKind.DELIVERY]
_DRAWN_FROM = {DocumentKind.SALES_ORDER, DocumentKind.INVOICE}
_PART = "iIngredient"


@dataclass(frozen=True, slots=True)
class _Base:
    """A document that a delivery was drawn from, and its rows by their number."""

    reference: str
    rows: dict[int, WireMovedRow]

    def place(self, number: int) -> int:
        """Count the rows of the same item before this one."""
        item = self.rows[number].item
        before = (row for at, row in self.rows.items() if at < number)
        return sum(row.item == item and not _is_part(row) for row in before)

    def days(self) -> list[date]:
        """Return the days by which what is still open is to be delivered."""
        return [row.ship_on for row in self.rows.values() if row.open_quantity and row.ship_on]


Bases = dict[tuple[int, int], _Base]


class SapDeliveries(Account):
    """The DeliverySource of one company."""

    async def delivery(self, ref: Ref) -> Delivery:
        """Read one delivery and the documents it was drawn from.

        A cancelled delivery and the mirror that cancels it are both told as cancelled.
        """
        tracking = self._settings.tracking_field
        select = (*fields_of(WireDelivery), tracking)
        answer = await self._service.get(f"{key(_SET, int(ref.id))}?{query(select=select)}")
        wire = read(WireDelivery, answer, system=SYSTEM, record=str(ref))
        bases = await self._bases(wire)
        return Delivery(
            ref=ref,
            posted=Posted(KIND, wire.entry, wire.number),
            is_cancelled=not wire.stands,
            carrier=str(wire.carrier) if wire.carrier and wire.carrier > 0 else "",
            tracking=str(answer.get(tracking) or "").strip(),
            rows=tuple(_rows(wire, bases)),
            expected=max((day for base in bases.values() for day in base.days()), default=None),
        )

    async def deliveries_changed_since(
        self, moment: datetime
    ) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield what SAP has stamped since, oldest first.

        Stamps are wall-clock times without a zone, taken for those of the company's own zone
        (sap-service-layer.md 7): of an hour that a clock shows twice, the earlier is meant, so
        that a watermark can only be too early.
        """
        zone = ZoneInfo(self._settings.time_zone)
        since = Watermark(moment.astimezone(zone).replace(tzinfo=None))
        changes = Changes(
            self._service, _SET, key="DocEntry", select=["DocEntry"], since=since, zone=zone
        )
        found: list[tuple[datetime, int]] = []
        async for rows in changes.windows():
            stamped = ((stamp_of(row), row["DocEntry"]) for row in rows)
            found.extend((at.at.replace(tzinfo=zone), entry) for at, entry in stamped if at)
        for at, entry in sorted(found):
            yield Ref(self._connection, KIND, str(entry)), at

    async def _bases(self, wire: WireDelivery) -> Bases:
        drawn_from = dict.fromkeys(base for row in wire.rows if (base := _base_of(row)))
        return {base: await self._base(*base) for base in drawn_from}

    async def _base(self, kind: int, entry: int) -> _Base:
        path = key(ENTITY_SETS[KINDS[kind]], entry)
        answer = await self._service.get(f"{path}?{query(select=fields_of(WireRowsOfBase))}")
        wire = read(WireRowsOfBase, answer, system=SYSTEM, record=f"{KINDS[kind]} {entry}")
        return _Base(wire.reference, _by_number(wire.rows))


def _rows(wire: WireDelivery, bases: Bases) -> Iterator[DeliveredRow]:
    for row in wire.rows:
        drawn_from = _base_of(row)
        base = bases[drawn_from] if drawn_from else None
        drawn = base.rows.get(row.base_row or 0) if base else None
        if base and drawn and not _is_part(drawn):
            quantity = _in_unit_of(drawn, row)
            yield DeliveredRow(base.reference, drawn.item, base.place(drawn.number), quantity)


def _base_of(row: WireMovedRow) -> tuple[int, int] | None:
    """Return type and key of the order or invoice that a row was drawn from."""
    if row.base_entry is None or KINDS.get(row.base_type or -1) not in _DRAWN_FROM:
        return None
    return (row.base_type or -1, row.base_entry)


def _by_number(rows: Iterable[WireMovedRow]) -> dict[int, WireMovedRow]:
    return {row.number: row for row in rows}


def _is_part(row: WireMovedRow) -> bool:
    return row.tree == _PART or (row.parent is not None and row.parent >= 0)


def _in_unit_of(base: WireMovedRow, row: WireMovedRow) -> Decimal:
    """Count what left in the unit that was ordered, should the warehouse count in another."""
    if row.unit == base.unit or not base.in_stock_unit:
        return row.quantity
    return (row.in_stock_unit * base.quantity / base.in_stock_unit).quantize(Decimal("0.000001"))
