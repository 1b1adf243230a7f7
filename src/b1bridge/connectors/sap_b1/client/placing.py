"""Posts a document where an approval procedure may take it aside as a draft.

SAP then answers -2028, or with `Prefer: return-no-content` an empty 204 whose Location may lead
nowhere (sap-service-layer.md 9.9), so the draft is looked for by the document's own reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.odata import Filter, and_, eq, query
from b1bridge.connectors.sap_b1.client.refusals import NOT_FOUND
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import OutcomeUnknown, Rejected

# sap-service-layer.md 8
OBJECT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "Quotations": "23",
        "Orders": "17",
        "DeliveryNotes": "15",
        "Returns": "16",
        "Invoices": "13",
        "CreditNotes": "14",
        "DownPayments": "203",
        "PurchaseOrders": "22",
        "PurchaseDeliveryNotes": "20",
        "PurchaseInvoices": "18",
    }
)
# An approval that has run its course leaves its draft behind.
_OVER = frozenset({"dasGenerated", "dasGeneratedbyAuthorizer", "dasCancelled"})


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a document went: into the books, or among the drafts that await approval."""

    entry: int
    number: int
    is_draft: bool


async def place(
    service: ServiceLayer,
    entity_set: str,
    fields: Mapping[str, Any],
    *,
    reference: str = "NumAtCard",
) -> Placed:
    """Post a document once and tell where it went; not safe to repeat.

    `reference` names the field that tells this document from all others; ValueError without one.
    """
    if not fields.get(reference):
        msg = f"a document without {reference} cannot be found again when approval takes it aside"
        raise ValueError(msg)
    mine = eq(reference, fields[reference])
    try:
        record = await Entities(service, entity_set).create(fields, quiet=True)
    except Rejected as exc:
        draft = await _draft(service, entity_set, mine) if exc.code == NOT_FOUND else None
        if draft is None:
            raise
        return draft
    posted = await _at(service, record.path, reference) if record.path else None
    if posted is not None and str(posted.get(reference)) == str(fields[reference]):
        return _placed(posted, is_draft=False)
    draft = await _draft(service, entity_set, mine)
    if draft is None:
        msg = f"{SYSTEM} took {reference} {fields[reference]} and shows it nowhere yet"
        raise OutcomeUnknown(msg, system=SYSTEM)
    return draft


async def _draft(service: ServiceLayer, entity_set: str, mine: Filter) -> Placed | None:
    """Return the newest draft that still waits; a reference is not unique by itself (9.1)."""
    page = await service.rows(
        "Drafts",
        select=["DocEntry", "DocNum", "AuthorizationStatus"],
        where=and_(mine, eq("DocObjectCode", OBJECT_TYPES[entity_set])),
    )
    rows = [row for row in page.rows if row.get("AuthorizationStatus") not in _OVER]
    newest = max(rows, key=lambda row: int(row["DocEntry"]), default=None)
    return _placed(newest, is_draft=True) if newest else None


async def _at(service: ServiceLayer, path: str, reference: str) -> dict[str, Any] | None:
    try:
        return await service.get(f"{path}?{query(select=['DocEntry', 'DocNum', reference])}")
    except Rejected as exc:
        if exc.code != NOT_FOUND:
            raise
        return None


def _placed(row: Mapping[str, Any], *, is_draft: bool) -> Placed:
    return Placed(int(row["DocEntry"]), int(row["DocNum"]), is_draft)
