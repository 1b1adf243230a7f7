"""Sales orders that came of deals: which of them changed, and whose each one is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import key, query
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.moments import changes_of, in_order, stamped
from b1bridge.connectors.sap_b1.wire import Text, Wire, fields_of
from b1bridge.connectors.sap_b1.words import ENTITY_SETS
from b1bridge.domain.deal_progress import names_deal
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.sdk.reading import read

KIND = DocumentKind.SALES_ORDER.value
_SET = ENTITY_SETS[DocumentKind.SALES_ORDER]


class WireReference(Wire):
    """A document with nothing but its reference."""

    reference: Text = Field(alias="NumAtCard", default="")


class SapOrderChanges(Account):
    """The OrderReferences capability."""

    async def order_reference(self, ref: Ref) -> str:
        """Return what an order carries as its reference."""
        path = f"{key(_SET, int(ref.id))}?{query(select=fields_of(WireReference))}"
        answer = await self._service.get(path)
        return read(WireReference, answer, system=SYSTEM, record=str(ref)).reference

    async def sales_orders_changed_since(
        self, moment: datetime
    ) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield the orders of deals that SAP has stamped since, oldest first."""
        zone = ZoneInfo(self._settings.time_zone)
        changes = changes_of(self._service, _SET, "DocEntry", ["NumAtCard"], moment, zone)
        told = {
            (at, str(row["DocEntry"]))
            async for rows in changes.windows()
            for row in rows
            if names_deal(row.get("NumAtCard") or "") and (at := stamped(row, zone))
        }
        for changed in in_order(told, self._connection, KIND):
            yield changed
