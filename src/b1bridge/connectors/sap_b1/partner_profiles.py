"""Customers and leads as sales needs them: card, people, balance, what is overdue.

What moves a balance is found by the journal, for every posting stands there: invoices, credit
memos, payments, what was cancelled of them, and entries by hand. Payments and journal entries bear
no stamp (sap-service-layer.md 7); OJDT, JDT1 and OCRD may be read by SQL (4.3), and OJDT.CreateDate
is the day an entry was made, whatever day it was dated (column from memory, a guess).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.activity import WireActivity
from b1bridge.connectors.sap_b1.business_partners import address_of
from b1bridge.connectors.sap_b1.client.odata import and_, eq, ge, ne, speakable
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, TwoWays, rows_either_way
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.contacts import WireContact
from b1bridge.connectors.sap_b1.moments import Day, Told, changes_of, in_order, stamped, within
from b1bridge.connectors.sap_b1.names import SapNames
from b1bridge.connectors.sap_b1.overdue import SapOverdue
from b1bridge.connectors.sap_b1.wire import (
    Amount,
    Text,
    Wire,
    WireCard,
    WireCardAddress,
    fields_of,
)
from b1bridge.domain.contacts import Contact
from b1bridge.domain.crm_profiles import PartnerProfile
from b1bridge.domain.customers import Address
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.sdk.reading import read, read_all

KIND = "business partner"
_SET = "BusinessPartners"
_SUPPLIER, _LEAD, _BILL_TO = "cSupplier", "cLid", "bo_BillTo"
_A_DAY = timedelta(days=1)
_PROMISING = ("Orders", "DeliveryNotes", "Returns")
"""What is open of these is on the card, and no journal entry tells when it changes."""
_MOVED = SqlQuery(
    "b1b_moved",
    "SELECT T1.ShortName AS CardCode, MAX(T0.TransId) AS TransId, MAX(T0.CreateDate) AS MadeOn "
    "FROM OJDT T0 INNER JOIN JDT1 T1 ON T1.TransId = T0.TransId "
    "INNER JOIN OCRD T2 ON T2.CardCode = T1.ShortName "
    "WHERE T0.CreateDate >= :since AND T2.CardType <> 'S' "
    "GROUP BY T1.ShortName ORDER BY T1.ShortName",
)


class WireProfile(WireCard, WireActivity):
    """A card with its people."""

    code: str = Field(alias="CardCode")
    name: Text = Field(alias="CardName")
    type: str = Field(alias="CardType")
    balance: Amount = Field(alias="CurrentAccountBalance", default=Decimal(0))
    open_orders: Amount = Field(alias="OpenOrdersBalance", default=Decimal(0))
    open_deliveries: Amount = Field(alias="OpenDeliveryNotesBalance", default=Decimal(0))
    credit_limit: Amount = Field(alias="CreditLimit", default=Decimal(0))
    price_list: int | None = Field(alias="PriceListNum", default=None)
    group: int | None = Field(alias="GroupCode", default=None)
    bill_to: Text = Field(alias="BilltoDefault", default="")
    contacts: list[WireContact] = Field(alias="ContactEmployees", default=[])


class WireMoved(Wire):
    """A partner whose balance moved, by the newest of its journal entries."""

    code: Text = Field(alias="CardCode")
    entry: int = Field(alias="TransId")
    day: Day = Field(alias="MadeOn")


_MOVED_ROWS = TypeAdapter(list[WireMoved])


def _now() -> datetime:
    return datetime.now(UTC)


class SapPartnerProfiles(SapCompany, SapNames, SapOverdue):
    """The PartnerProfiles capability."""

    now: Callable[[], datetime] = staticmethod(_now)

    async def partner_profile(self, ref: Ref, moment: datetime) -> PartnerProfile | None:
        """Read the card, and of one who owes anything what is open: one request, or three."""
        if not ref.id or not speakable(ref.id):
            return None
        where = and_(ne("CardType", _SUPPLIER), eq("CardCode", ref.id))
        page = await self._service.rows(_SET, select=fields_of(WireProfile), where=where)
        row = next((row for row in page.rows if row.get("CardCode") == ref.id), None)
        if row is None:
            return None
        wire = read(WireProfile, row, system=SYSTEM, record=str(ref))
        rules = await self.rules()
        overdue = Decimal(0)
        if wire.balance > 0:  # who owes nothing is late with nothing
            overdue = await self.overdue(ref.id, rules.day_of(moment))
        lists, groups = await self.price_lists(), await self.partner_groups()
        price_list = lists.get(wire.price_list or 0)
        return PartnerProfile(
            ref=ref,
            name=wire.name,
            balance=Money.of(wire.balance, rules.local_currency),
            overdue=Money.of(overdue, rules.local_currency),
            credit_limit=Money.of(wire.credit_limit, rules.local_currency),
            open_orders=Money.of(wire.open_orders, rules.local_currency),
            open_deliveries=Money.of(wire.open_deliveries, rules.local_currency),
            is_lead=wire.type == _LEAD,
            is_active=wire.is_active(rules.day_of(moment)),
            billing=_billing(wire),
            price_list=price_list.name if price_list else "",
            segment=groups.get(wire.group or 0, ""),
            contacts=tuple(Contact(**one.model_dump()) for one in wire.contacts),
        )

    async def business_partners_changed_since(
        self, moment: datetime
    ) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield whose card or order was stamped, whose balance moved, and what fell overdue."""
        zone = ZoneInfo(self._settings.time_zone)
        day = moment.astimezone(zone).date() - _A_DAY
        told = await self._cards_changed(moment, zone)
        for name in _PROMISING:
            told |= await self._promised(name, moment, zone)
        told |= {(within(one.day, one.entry, zone), one.code) for one in await self._moved(day)}
        async for one in self.fell_due(day, self.now().astimezone(zone).date()):
            told.add((within(one.due + _A_DAY, 0, zone), one.code))
        for changed in in_order(told, self._connection, KIND):
            yield changed

    async def _cards_changed(self, moment: datetime, zone: ZoneInfo) -> Told:
        changes = changes_of(self._service, _SET, "CardCode", ["CardType"], moment, zone)
        return {
            (at, str(row["CardCode"]))
            async for rows in changes.windows()
            for row in rows
            if row.get("CardType") != _SUPPLIER and (at := stamped(row, zone))
        }

    async def _promised(self, entity_set: str, moment: datetime, zone: ZoneInfo) -> Told:
        changes = changes_of(self._service, entity_set, "DocEntry", ["CardCode"], moment, zone)
        return {
            (at, str(row["CardCode"]))
            async for rows in changes.windows()
            for row in rows
            if (at := stamped(row, zone))
        }

    async def _moved(self, since: date) -> list[WireMoved]:
        asked = TwoWays(_MOVED, self._journal(since), {"since": since})
        return [
            one
            async for rows in rows_either_way(self._service, asked)
            for one in read_all(_MOVED_ROWS, rows, system=SYSTEM, record="moved balances")
        ]

    async def _journal(self, since: date) -> AsyncIterator[list[dict[str, Any]]]:
        """Read the entries themselves, which show the day they are dated on, not that of entry.

        A line is a partner's where its name is not its account's.
        """
        async for entries in windows(
            self._service,
            "JournalEntries",
            key="JdtNum",
            select=["ReferenceDate", "JournalEntryLines"],
            where=ge("ReferenceDate", since),
            size=100,
        ):
            yield [
                {"CardCode": code, "TransId": one["JdtNum"], "MadeOn": one["ReferenceDate"]}
                for one in entries
                for code in _partners_of(one)
            ]


def _partners_of(entry: dict[str, Any]) -> set[str]:
    lines = entry.get("JournalEntryLines") or ()
    names = {(line.get("ShortName"), line.get("AccountCode")) for line in lines}
    return {str(name) for name, account in names if name and name != account}


def _billing(wire: WireProfile) -> Address:
    """Return the default bill-to, or else the first one."""
    found: list[WireCardAddress] = [one for one in wire.addresses if one.type == _BILL_TO]
    default = [one for one in found if one.name == wire.bill_to]
    return address_of((default or found)[0]) if found else Address()
