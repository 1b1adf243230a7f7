"""Invoices and sales orders: found by our reference, posted once, read back to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from b1bridge.connectors.sap_b1.client.odata import and_, eq, key, query
from b1bridge.connectors.sap_b1.client.refusals import NOT_FOUND
from b1bridge.connectors.sap_b1.client.sap_errors import read_error
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.places import SapPlaces
from b1bridge.connectors.sap_b1.texts import plain
from b1bridge.connectors.sap_b1.translate import document_fields
from b1bridge.connectors.sap_b1.wire import (
    Wire,
    WireBooked,
    WireDocument,
    WireDraft,
    WirePosted,
    WireTotals,
    fields_of,
)
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, OBJECT_TYPES
from b1bridge.domain.documents import Booked, DocumentKind, SalesDocument, Totals
from b1bridge.domain.identity import Posted
from b1bridge.domain.money import Money
from b1bridge.errors import NeedsOperator, Rejected
from b1bridge.sdk.reading import read

W = TypeVar("W", bound=Wire)
D = TypeVar("D", bound=WireDocument)

_ROWS = {"INV1", "RDR1", "DocumentLines"}
# An approval that has run its course leaves its draft behind, closed.
_APPROVAL_IS_OVER = {"dasGenerated", "dasGeneratedbyAuthorizer", "dasCancelled"}


class SapDocuments(SapCompany, SapPlaces):
    """The SalesDocuments capability."""

    async def find_document(self, kind: DocumentKind, reference: str) -> Posted | None:
        """Look among the documents, then among the drafts that await approval."""
        wire = await self._found(WireDocument, kind, reference)
        return _posted(kind, wire) if wire else None

    async def booked(self, kind: DocumentKind, reference: str) -> Booked | None:
        """Look in the same places, and read partner and totals with the same request."""
        wire = await self._found(WireBooked, kind, reference)
        if wire is None:
            return None
        return Booked(_posted(kind, wire), wire.code, await self._totals(wire))

    async def fields_of(self, document: SalesDocument) -> dict[str, Any]:
        """Write a document in SAP's fields, as this company counts and names places."""
        rules = await self.rules()
        return document_fields(
            document,
            local_currency=rules.local_currency,
            tax_field=self._settings.tax_field,
            places=await self.places_for(document.ship_to, document.bill_to),
        )

    async def post_document(self, document: SalesDocument) -> Posted:
        """Post; a -2028 may mean that an approval procedure took the document aside (9.9).

        A company that blocks a reference used twice may have met our own earlier work.
        """
        fields = await self.fields_of(document)
        try:
            answer = await self._service.post(ENTITY_SETS[document.kind], fields)
        except Rejected as exc:
            if exc.code != NOT_FOUND and exc.reason != "ALREADY_THERE":
                raise _explained(exc, document) from exc
            found = await self.find_document(document.kind, document.reference)
            if found is None:
                raise
            return found
        wire = read(WirePosted, answer, system=SYSTEM, record=str(document.kind))
        return _posted(document.kind, wire)

    async def totals_of(self, posted: Posted) -> Totals:
        """Read the totals in the document's own currency; freight is the sum of its rows.

        SAP takes down payments off the total and off the tax; they are added here again.
        """
        path = key(ENTITY_SETS[DocumentKind(posted.kind)], posted.entry)
        select = selected(WireTotals, DocumentKind(posted.kind))
        answer = await self._service.get(f"{path}?{query(select=select)}")
        record = f"{posted.kind} {posted.number}"
        return await self._totals(read(WireTotals, answer, system=SYSTEM, record=record))

    async def _totals(self, wire: WireTotals) -> Totals:
        rules = await self.rules()
        foreign = wire.currency != rules.local_currency
        freight = sum((e.net_foreign if foreign else e.net for e in wire.expenses), Decimal(0))
        total = (wire.total_foreign if foreign else wire.total) + wire.drawn(foreign=foreign)
        tax = (wire.tax_foreign if foreign else wire.tax) + wire.drawn_tax(foreign=foreign)
        return Totals(
            total=Money.of(total, wire.currency),
            tax=Money.of(tax, wire.currency),
            freight=Money.of(freight, wire.currency),
        )

    async def _found(self, model: type[D], kind: DocumentKind, reference: str) -> D | None:
        reference = plain(reference)  # as it was when it was sent
        rows = await self._carrying(ENTITY_SETS[kind], model, reference, kind)
        standing = [wire for wire in rows if wire.stands and wire.reference == reference]
        if len(standing) > 1:
            raise _duplicates(kind, reference, standing)
        if standing:
            return standing[0]
        if draft := await self._draft(kind, reference):
            raise _awaits_approval(kind, reference, draft)
        return None

    async def _draft(self, kind: DocumentKind, reference: str) -> WireDraft | None:
        rows = await self._carrying("Drafts", WireDraft, reference, kind)
        waiting = (w for w in rows if w.reference == reference)
        return next((w for w in waiting if w.approval not in _APPROVAL_IS_OVER), None)

    async def _carrying(
        self, entity_set: str, model: type[W], reference: str, kind: DocumentKind
    ) -> list[W]:
        where = eq("NumAtCard", reference)
        if entity_set == "Drafts":
            where = and_(where, eq("DocObjectCode", OBJECT_TYPES[kind]))
        select = selected(model, kind if entity_set == ENTITY_SETS[kind] else None)
        page = await self._service.rows(entity_set, select=select, where=where)
        return [read(model, row, system=SYSTEM, record=f"{kind} {reference}") for row in page.rows]


def selected(model: type[Wire], kind: DocumentKind | None) -> tuple[str, ...]:
    """Return what to select of this kind of document; down payments are drawn on invoices alone."""
    draws = kind is DocumentKind.INVOICE
    return tuple(name for name in fields_of(model) if draws or name != "DownPaymentsToDraw")


def _posted(kind: DocumentKind, wire: WirePosted) -> Posted:
    return Posted(kind.value, wire.entry, wire.number)


def _awaits_approval(kind: DocumentKind, reference: str, draft: WireDraft) -> NeedsOperator:
    if draft.approval == "dasRejected":
        state, fix = "was rejected in", "settle it with the approver in SAP, then retry the case"
    else:
        state, fix = "awaits", "approve and add the draft in SAP, then retry the case"
    return NeedsOperator(
        f"{SYSTEM}: the {kind} {reference} {state} approval as draft {draft.entry}",
        system=SYSTEM,
        reason="AWAITS_APPROVAL",
        fix=fix,
    )


def _explained(refused: Rejected, document: SalesDocument) -> Rejected:
    """Say what SAP leaves out: the day that lacks a rate, or the item of a row."""
    if refused.reason != "RATE_MISSING":
        return _naming_the_item(refused, document)
    day, currency = document.posted_on, document.currency
    return Rejected(
        f"{refused}: SAP has no rate of {currency} for {day}",
        system=SYSTEM,
        code=refused.code,
        reason=refused.reason,
        fix=f"enter the rate of {currency} for {day} in SAP, or let the sync carry the shop's own "
        "(option shop_rate), then retry the case",
    )


def _naming_the_item(refused: Rejected, document: SalesDocument) -> Rejected:
    """Say which item a refused row sells; SAP tells its number only, counted from 1 (3.1)."""
    said = read_error({"message": str(refused)})
    if said.line is None or said.field.partition(".")[0] not in _ROWS:
        return refused
    items = [line.item for line in document.lines][said.line - 1 : said.line]
    return Rejected(
        " ".join((str(refused), *(f"line {said.line} sells {item}" for item in items))),
        system=SYSTEM,
        code=refused.code,
        reason=refused.reason,
        fix=refused.fix,
    )


def _duplicates(kind: DocumentKind, reference: str, found: Sequence[WireDocument]) -> NeedsOperator:
    numbers = ", ".join(str(wire.number) for wire in found)
    return NeedsOperator(
        f"{SYSTEM}: more than one {kind} carries {reference}: {numbers}",
        system=SYSTEM,
        reason="DUPLICATE_DOCUMENT",
        fix="cancel all but one of them in SAP, then retry the case",
    )
