"""Invoices with what payments and credit memos took off them, and which of them changed.

Payments bear no stamp (sap-service-layer.md 7): they are found by the day their journal entry was
made (OJDT.CreateDate, a guess), or where SQL may not run, by the day they are dated on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.client.odata import and_, eq, ge, key, query
from b1bridge.connectors.sap_b1.client.sql_queries import SqlQuery, TwoWays, rows_either_way
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.ledger_wire import WireLedgerDocument, WireSettled
from b1bridge.connectors.sap_b1.moments import Day, Told, changes_of, in_order, stamped, within
from b1bridge.connectors.sap_b1.wire import Text, Wire, WirePosted, WireRow, YesNo, fields_of
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, OBJECT_TYPES, PAYMENT
from b1bridge.domain.crm_profiles import InvoiceProfile, Settlement
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.sdk.reading import read, read_all

KIND = DocumentKind.INVOICE.value
_SET, _MEMOS = ENTITY_SETS[DocumentKind.INVOICE], ENTITY_SETS[DocumentKind.CREDIT_MEMO]
_INVOICE = int(OBJECT_TYPES[DocumentKind.INVOICE])
_OPEN = "bost_Open"
_A_DAY = timedelta(days=1)
# 24 is an incoming payment (8); cancelling one makes a second entry of the same kind (9.5).
_PAID = SqlQuery(
    "b1b_paid",
    "SELECT T2.DocEntry, MAX(T0.TransId) AS TransId, MAX(T0.CreateDate) AS MadeOn "
    "FROM OJDT T0 INNER JOIN ORCT T1 ON T1.DocEntry = T0.CreatedBy "
    "INNER JOIN RCT2 T2 ON T2.DocNum = T1.DocEntry "
    "WHERE T0.TransType = '24' AND T0.CreateDate >= :since AND T2.InvType = '13' "
    "GROUP BY T2.DocEntry ORDER BY T2.DocEntry",
)


class WireInvoice(WireLedgerDocument):
    """The head of an invoice."""

    due: date = Field(alias="DocDueDate")


class WireMemo(WireLedgerDocument):
    """A credit memo with what its rows were drawn from."""

    rows: list[WireRow] = Field(alias="DocumentLines")


class WireReceipt(WirePosted):
    """A payment and the documents that it settles."""

    day: date = Field(alias="DocDate")
    currency: Text = Field(alias="DocCurrency")
    cancelled: YesNo = Field(alias="Cancelled")
    settles: list[WireSettled] = Field(alias="PaymentInvoices", default=[])


class WirePaid(Wire):
    """An invoice that was paid, by the newest journal entry of its payments."""

    invoice: int = Field(alias="DocEntry")
    entry: int = Field(alias="TransId")
    day: Day = Field(alias="MadeOn")


_PAID_ROWS = TypeAdapter(list[WirePaid])
_MEMO_ROWS = TypeAdapter(list[WireMemo])
_RECEIPTS = TypeAdapter(list[WireReceipt])


class SapInvoiceHistory(SapCompany):
    """The InvoiceHistory capability, the documents around an invoice aside."""

    async def invoice_profile(self, ref: Ref) -> InvoiceProfile | None:
        """Read the invoice, and if any of it is settled, what its partner paid and was credited.

        One request or three; a page more for each hundred payments since then.
        """
        answer = await self._service.get(
            f"{key(_SET, int(ref.id))}?{query(select=fields_of(WireInvoice))}"
        )
        wire = read(WireInvoice, answer, system=SYSTEM, record=str(ref))
        if wire.is_mirror:
            return None
        local = (await self.rules()).local_currency
        foreign = wire.currency != local
        paid = (wire.paid_foreign if foreign else wire.paid) + wire.drawn(foreign=foreign)
        total = (wire.total_foreign if foreign else wire.total) + wire.drawn(foreign=foreign)
        settled: list[Settlement] = []
        if paid:
            settled += await self._payments_of(wire, foreign=foreign)
            settled += await self._memos_of(wire, foreign=foreign)
        return InvoiceProfile(
            ref=ref,
            number=wire.number,
            partner=wire.code,
            reference=wire.reference,
            issued=wire.posted_on,
            due=wire.due,
            total=Money.of(total, wire.currency),
            paid=Money.of(paid, wire.currency),
            is_open=wire.status == _OPEN,
            is_cancelled=not wire.stands,
            settlements=tuple(sorted(settled, key=lambda one: (one.day, one.posted.entry))),
        )

    async def invoices_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield what was stamped, what was credited by memos stamped since, and what was paid."""
        zone = ZoneInfo(self._settings.time_zone)
        told: Told = set()
        changes = changes_of(self._service, _SET, "DocEntry", (), moment, zone)
        async for rows in changes.windows():
            told |= {(at, str(row["DocEntry"])) for row in rows if (at := stamped(row, zone))}
        memos = changes_of(self._service, _MEMOS, "DocEntry", ["DocumentLines"], moment, zone)
        async for rows in memos.windows():
            told |= {
                (at, str(line["BaseEntry"]))
                for row in rows
                for line in row.get("DocumentLines") or ()
                if line.get("BaseType") == _INVOICE and (at := stamped(row, zone))
            }
        day = moment.astimezone(zone).date() - _A_DAY
        told |= {
            (within(one.day, one.entry, zone), str(one.invoice)) for one in await self._paid(day)
        }
        for changed in in_order(told, self._connection, KIND):
            yield changed

    async def _paid(self, since: date) -> list[WirePaid]:
        asked = TwoWays(_PAID, self._receipts_since(since), {"since": since})
        return [
            one
            async for rows in rows_either_way(self._service, asked)
            for one in read_all(_PAID_ROWS, rows, system=SYSTEM, record="paid invoices")
        ]

    async def _receipts_since(self, since: date) -> AsyncIterator[list[dict[str, Any]]]:
        async for rows in self._receipts(ge("DocDate", since)):
            yield [
                {"DocEntry": settled.entry, "TransId": one.entry, "MadeOn": one.day}
                for one in rows
                for settled in one.settles
                if settled.type == "it_Invoice"
            ]

    async def _receipts(self, where: Any) -> AsyncIterator[list[WireReceipt]]:
        async for rows in windows(
            self._service,
            "IncomingPayments",
            key="DocEntry",
            select=fields_of(WireReceipt),
            where=where,
            size=100,
        ):
            yield read_all(_RECEIPTS, rows, system=SYSTEM, record="payments")

    async def _payments_of(self, wire: WireInvoice, *, foreign: bool) -> list[Settlement]:
        where = and_(eq("CardCode", wire.code), ge("DocDate", wire.posted_on))
        return [
            Settlement(Posted(PAYMENT, one.entry, one.number), one.day, amount)
            async for rows in self._receipts(where)
            for one in rows
            if not one.cancelled
            for settled in one.settles
            if (settled.type, settled.entry) == ("it_Invoice", wire.entry)
            if (amount := _applied(settled, wire.currency, foreign=foreign))
        ]

    async def _memos_of(self, wire: WireInvoice, *, foreign: bool) -> list[Settlement]:
        where = and_(eq("CardCode", wire.code), ge("DocDate", wire.posted_on))
        select = tuple(name for name in fields_of(WireMemo) if name != "DownPaymentsToDraw")
        kind = DocumentKind.CREDIT_MEMO.value
        return [
            Settlement(
                Posted(kind, one.entry, one.number),
                one.posted_on,
                Money.of(one.total_foreign if foreign else one.total, one.currency),
            )
            async for rows in windows(
                self._service, _MEMOS, key="DocEntry", select=select, where=where, size=100
            )
            for one in read_all(_MEMO_ROWS, rows, system=SYSTEM, record="credit memos")
            if one.stands
            and any((row.base_type, row.base_entry) == (_INVOICE, wire.entry) for row in one.rows)
        ]


def _applied(settled: WireSettled, currency: str, *, foreign: bool) -> Money:
    return Money.of(settled.applied_foreign if foreign else settled.applied, currency)
