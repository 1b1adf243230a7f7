"""Lists of what SAP holds under references that begin alike, for those who compare."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal

from pydantic import TypeAdapter

from b1bridge.connectors.sap_b1.client.odata import Filter, and_, ge, le, or_, startswith
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.documents import selected
from b1bridge.connectors.sap_b1.ledger_taxes import taxed_by_entry
from b1bridge.connectors.sap_b1.ledger_wire import (
    INVOICE_TYPES,
    WireLedgerDocument,
    WireLedgerPayment,
    WireTaxed,
)
from b1bridge.connectors.sap_b1.texts import plain
from b1bridge.connectors.sap_b1.wire import fields_of
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, KINDS
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Posted
from b1bridge.domain.ledger import Applied, LedgerDocument, LedgerPayment, PaymentKind, TaxAmount
from b1bridge.domain.money import Money
from b1bridge.sdk.reading import read, read_all

_PAYMENTS = {PaymentKind.INCOMING: "IncomingPayments", PaymentKind.OUTGOING: "VendorPayments"}
_ASKED_AT_ONCE = 20
"""References in one request: nothing public tells how long a URL SAP takes (4.2)."""

_HEADS = TypeAdapter(list[WireLedgerDocument])


class SapLedger(SapCompany):
    """The SalesLedger capability."""

    async def documents_posted(
        self, kind: DocumentKind, prefix: str, since: date, until: date
    ) -> AsyncIterator[LedgerDocument]:
        """Read in windows of DocEntry, the order in which SAP took them in."""
        where = _dated("NumAtCard", prefix, since, until)
        async for document in self._documents(kind, where):
            yield document

    async def documents_under(
        self, kind: DocumentKind, references: Collection[str]
    ) -> AsyncIterator[LedgerDocument]:
        """Ask for a few references at a time; a longer one that begins alike comes along."""
        for where in _beginnings("NumAtCard", references):
            async for document in self._documents(kind, where):
                yield document

    async def payments_posted(
        self, kind: PaymentKind, prefix: str, since: date, until: date
    ) -> AsyncIterator[LedgerPayment]:
        """Payments carry our reference at the beginning of Remarks."""
        async for payment in self._payments(kind, _dated("Remarks", prefix, since, until)):
            yield payment

    async def payments_under(
        self, kind: PaymentKind, references: Collection[str]
    ) -> AsyncIterator[LedgerPayment]:
        """Ask for a few references at a time; a longer one that begins alike comes along."""
        for where in _beginnings("Remarks", references):
            async for payment in self._payments(kind, where):
                yield payment

    async def _documents(self, kind: DocumentKind, where: Filter) -> AsyncIterator[LedgerDocument]:
        local = (await self.rules()).local_currency
        async for rows in windows(
            self._service,
            ENTITY_SETS[kind],
            key="DocEntry",
            select=selected(WireLedgerDocument, kind),
            where=where,
        ):
            read_rows = read_all(_HEADS, rows, system=SYSTEM, record=f"list of {kind}s")
            heads = [wire for wire in read_rows if not wire.is_mirror]
            entries = [wire.entry for wire in heads]
            taxed = await taxed_by_entry(self._service, kind, entries, where)
            for wire in heads:
                found = taxed.get(wire.entry, ())
                yield _document(kind, wire, found, foreign=wire.currency != local)

    async def _payments(self, kind: PaymentKind, where: Filter) -> AsyncIterator[LedgerPayment]:
        local = (await self.rules()).local_currency
        async for rows in windows(
            self._service,
            _PAYMENTS[kind],
            key="DocEntry",
            select=fields_of(WireLedgerPayment),
            where=where,
        ):
            for row in rows:
                wire = read(WireLedgerPayment, row, system=SYSTEM, record=str(kind))
                yield _payment(kind, wire, local)


def _dated(name: str, prefix: str, since: date, until: date) -> Filter:
    return and_(startswith(name, plain(prefix)), ge("DocDate", since), le("DocDate", until))


def _beginnings(name: str, references: Collection[str]) -> Iterator[Filter]:
    asked = [startswith(name, plain(reference)) for reference in references]
    for at in range(0, len(asked), _ASKED_AT_ONCE):
        yield or_(*asked[at : at + _ASKED_AT_ONCE])


def _document(
    kind: DocumentKind, wire: WireLedgerDocument, taxed: Sequence[WireTaxed], *, foreign: bool
) -> LedgerDocument:
    currency = wire.currency

    def money(local: Decimal, other: Decimal) -> Money:
        return Money.of(other if foreign else local, currency)

    # An invoice shows what is left of it after down payments were drawn.
    drawn = Money.of(wire.drawn(foreign=foreign), currency)
    drawn_tax = Money.of(wire.drawn_tax(foreign=foreign), currency)
    return LedgerDocument(
        posted=Posted(kind.value, wire.entry, wire.number),
        reference=wire.reference,
        business_partner=wire.code,
        posted_on=wire.posted_on,
        total=money(wire.total, wire.total_foreign) + drawn,
        tax=money(wire.tax, wire.tax_foreign) + drawn_tax,
        paid=money(wire.paid, wire.paid_foreign),
        is_open=wire.status == "bost_Open",
        cancelled=not wire.stands,
        taxes=tuple(_taxes(taxed, currency, foreign=foreign)),
        of_prepaid=any(KINDS.get(t.base_type or 0) is DocumentKind.DOWN_PAYMENT for t in taxed),
    )


def _taxes(taxed: Sequence[WireTaxed], currency: str, *, foreign: bool) -> Iterator[TaxAmount]:
    """Add up rows and freight of one code."""
    sums: dict[tuple[str, Decimal], tuple[Decimal, Decimal]] = {}
    for one in taxed:
        key = one.vat_group or one.tax_code, one.rate
        net, tax = sums.get(key, (Decimal(0), Decimal(0)))
        more_net, more_tax = _amounts(one, foreign=foreign)
        sums[key] = net + more_net, tax + more_tax
    for (code, rate), (net, tax) in sorted(sums.items()):
        yield TaxAmount(code, rate, Money.of(net, currency), Money.of(tax, currency).rounded())


def _amounts(one: WireTaxed, *, foreign: bool) -> tuple[Decimal, Decimal]:
    """Return net and tax in the currency of the document."""
    if not foreign:
        return one.net, one.tax
    # The tax of a foreign row has no property of its own in the currency of the document.
    tax = one.net_foreign * one.rate / 100 if one.tax_foreign is None else one.tax_foreign
    return one.net_foreign, tax


def _payment(kind: PaymentKind, wire: WireLedgerPayment, local: str) -> LedgerPayment:
    currency = wire.currency or local
    foreign = currency != local
    by_cash = wire.cash_sum != 0
    return LedgerPayment(
        posted=Posted(kind.value, wire.entry, wire.number),
        reference=wire.remarks.partition(" ")[0],
        business_partner=wire.code,
        posted_on=wire.posted_on,
        account=wire.cash_account if by_cash else wire.transfer_account,
        amount=Money.of(wire.cash_sum + wire.transfer_sum, currency),
        cancelled=wire.cancelled,
        settles=tuple(
            Applied(
                INVOICE_TYPES.get(one.type, one.type),
                one.entry,
                Money.of(one.applied_foreign if foreign else one.applied, currency),
            )
            for one in wire.settles
        ),
    )
