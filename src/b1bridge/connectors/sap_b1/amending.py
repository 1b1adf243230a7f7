"""Documents that change after they were posted: rows of an open order, cancelled, closed.

An order changes while it is open; Cancel is refused once something was drawn from it, Close is not
(sap-service-layer.md 9.3).
"""

from __future__ import annotations

from collections.abc import Sequence

from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.odata import and_, eq, ge
from b1bridge.connectors.sap_b1.standing import SapStandingDocuments
from b1bridge.connectors.sap_b1.words import ENTITY_SETS, NO
from b1bridge.domain.documents import BaseRow, DocumentKind, SalesDocument
from b1bridge.domain.identity import Posted
from b1bridge.domain.standing import Standing

# A document keeps whose it is, what we call it and the dates it was posted on.
_FIXED = ("CardCode", "NumAtCard", "DocDate", "DocDueDate", "TaxDate", "DocCurrency", "PriceMode")
# Until when it is due is a word of its head; rows and what is added to them are none.
_NO_HEAD = ({*_FIXED} - {"DocDueDate"}) | {
    "DocumentLines",
    "DocumentAdditionalExpenses",
    "DocRate",
    "Rounding",
    "RoundingDiffAmount",
}


class SapAmending(SapStandingDocuments):
    """The Amending capability."""

    async def change_document(
        self, posted: Posted, document: SalesDocument, rows: Sequence[int | None]
    ) -> Posted:
        """Send all rows, known ones by LineNum: with the header of 5.1 the others are removed."""
        fields = await self.fields_of(document)
        changes = {name: value for name, value in fields.items() if name not in _FIXED}
        changes["DocumentLines"] = [
            line if number is None else {"LineNum": number, **line}
            for number, line in zip(rows, fields["DocumentLines"], strict=True)
        ]
        changes.setdefault("DocumentAdditionalExpenses", [])
        if not document.rounding:
            changes |= {"Rounding": NO, "RoundingDiffAmount": 0}
        await self._set_of(posted).patch(posted.entry, changes, replace_collections=True)
        return posted

    async def change_head(self, posted: Posted, document: SalesDocument) -> Posted:
        """Send the head alone: rows that are not sent stay (5.1)."""
        fields = await self.fields_of(document)
        head = {name: value for name, value in fields.items() if name not in _NO_HEAD}
        await self._set_of(posted).patch(posted.entry, head)
        return posted

    async def cancel_document(self, posted: Posted) -> Posted:
        """Take it back as a whole; Rejected when something was drawn from it."""
        await self._set_of(posted).act(posted.entry, "Cancel")
        return posted

    async def close_document(self, posted: Posted) -> Posted:
        """Deliver nothing more of it; what was drawn stays."""
        await self._set_of(posted).act(posted.entry, "Close")
        return posted

    async def drawn_from(self, base: Standing, kind: DocumentKind) -> tuple[Standing, ...]:
        """Look through the partner's documents since then: rows cannot be filtered by (4.3)."""
        where = and_(eq("CardCode", base.business_partner), ge("DocDate", base.posted_on))
        return tuple(
            one
            for one in await self._standing_where(kind, where)
            if any(_rests_on(row.base, base) for row in one.rows)
        )

    def _set_of(self, posted: Posted) -> Entities:
        return Entities(self._service, ENTITY_SETS[DocumentKind(posted.kind)])


def _rests_on(row: BaseRow | None, base: Standing) -> bool:
    return row is not None and (row.kind, row.entry) == (base.kind, base.posted.entry)
