"""Reads what changed since a watermark, by SAP's own stamps (sap-service-layer.md 7).

Stamps are wall-clock times of the server without a zone; filters see hours and minutes only, and
an uncommitted transaction shows later with an earlier stamp. So every read begins a little before
the watermark, and rows come again: callers must be able to take the same row twice. Deletions
leave no trace; compare lists of keys from time to time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from b1bridge.connectors.sap_b1.client.odata import Filter, and_, eq, ge, gt, or_
from b1bridge.connectors.sap_b1.client.placing import OBJECT_TYPES
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken

OVERLAP = timedelta(minutes=2)
# A row that was never changed may have no stamp at all, but it has a day of creation.
CREATED = MappingProxyType(
    {
        **dict.fromkeys(("BusinessPartners", "Items"), "CreateDate"),
        **dict.fromkeys(OBJECT_TYPES, "CreationDate"),
        **dict.fromkeys(("Drafts", "InventoryGenEntries", "InventoryGenExits"), "CreationDate"),
    }
)
DAY_ONLY = frozenset({"StockTransfers", "InventoryTransferRequests", "ServiceCalls", "SQLQueries"})
UNSTAMPED = frozenset(
    {
        "IncomingPayments",
        "VendorPayments",
        "JournalEntries",
        "PriceLists",
        "SpecialPrices",
        "Warehouses",
        "ItemGroups",
        "BusinessPartnerGroups",
        "Activities",
        "ProductTrees",
        "ChartOfAccounts",
        "VatGroups",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Watermark:
    """The newest stamp that was read, in the server's wall-clock time."""

    at: datetime


@dataclass(slots=True)
class Changes:
    """One reading of a set's changes; `reached` counts only once all windows were taken."""

    service: ServiceLayer
    entity_set: str
    key: str | Sequence[str]
    select: Sequence[str]
    since: Watermark | None = None
    overlap: timedelta = OVERLAP
    zone: ZoneInfo | None = None
    size: int = 500
    reached: Watermark | None = None

    def __post_init__(self) -> None:
        """Refuse a set without stamps: its changes cannot be seen."""
        if self.entity_set in UNSTAMPED:
            msg = f"{self.entity_set} has no UpdateDate: read it by key windows or as a whole"
            raise ValueError(msg)
        self.reached = self.since

    async def windows(self) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield the changed rows in the order of their key, each with its stamps."""
        stamps = ["UpdateDate", *([] if self._day_only else ["UpdateTime"])]
        stamps += [self._created] if self._created else []
        newest = self.since
        async for rows in windows(
            self.service,
            self.entity_set,
            key=self.key,
            select=(*self.select, *stamps),
            where=self._condition(),
            size=self.size,
        ):
            yield rows
            marks = [mark for row in rows if (mark := stamp_of(row))]
            newest = max((*marks, newest) if newest else marks, default=None)
        self.reached = newest

    @property
    def _day_only(self) -> bool:
        return self.entity_set in DAY_ONLY

    def _condition(self) -> Filter | None:
        if self.since is None:
            return None
        begin = beginning(self.since, self.overlap, self.zone)
        moment = None if self._day_only else begin.time()
        return changed_since(begin.date(), moment, created=self._created)

    @property
    def _created(self) -> str:
        return CREATED.get(self.entity_set, "")


def changed_since(day: date, moment: time | None = None, *, created: str = "") -> Filter:
    """Match what was stamped at or after a day, or a minute of it.

    `UpdateDate ge D and UpdateTime ge T` would lose the mornings of all later days. `created` names
    the day of creation, by which rows that were never stamped are found.
    """
    parts = [ge("UpdateDate", day)]
    if moment is not None:
        that_day = and_(eq("UpdateDate", day), ge("UpdateTime", moment.replace(second=0)))
        parts = [gt("UpdateDate", day), that_day]
    if created:
        parts.append(and_(eq("UpdateDate", None), ge(created, day)))
    return or_(*parts)


def beginning(since: Watermark, overlap: timedelta, zone: ZoneInfo | None) -> datetime:
    """Return where to read from; a clock that was set back stamps an hour for the second time."""
    begin = (since.at - overlap).replace(microsecond=0)
    if zone is None:
        return begin
    first = begin.replace(tzinfo=zone, fold=0).utcoffset()
    second = begin.replace(tzinfo=zone, fold=1).utcoffset()
    if first is None or second is None or second >= first:
        return begin
    return begin - (first - second)


def stamp_of(row: Mapping[str, Any]) -> Watermark | None:
    """Read the stamp of a row in either version's spelling, or the day it was created."""
    day, moment = row.get("UpdateDate"), row.get("UpdateTime")
    if not day:
        day, moment = row.get("CreationDate") or row.get("CreateDate"), None
    if not day:
        return None
    try:
        date_part = date.fromisoformat(str(day)[:10])
        time_part = time.fromisoformat(str(moment)) if moment else time.min
    except ValueError as exc:
        msg = f"{SYSTEM}: {day} {moment} is no stamp of a change"
        raise ContractBroken(msg, system=SYSTEM) from exc
    return Watermark(datetime.combine(date_part, time_part))
