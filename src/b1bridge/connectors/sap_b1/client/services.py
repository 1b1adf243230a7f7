"""SAP's services: operations that belong to no entity, such as Service_Method (5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from b1bridge.connectors.sap_b1.client.odata import plain_name
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.errors import ContractBroken
from b1bridge.sdk.evidence import evidence


async def preview(
    service: ServiceLayer, entity_set: str, document: Mapping[str, Any]
) -> dict[str, Any]:
    """Let SAP compute a document without saving it: totals, taxes, accounts, no DocEntry.

    Not every set and release has it; `metadata.operations` tells whether this one does.
    """
    name = f"{plain_name(entity_set)}Service_Preview"
    return await service.ask(name, {"Document": dict(document)})


async def company_info(service: ServiceLayer) -> dict[str, Any]:
    """Read who the company is."""
    return await service.ask("CompanyService_GetCompanyInfo")


async def item_price(
    service: ServiceLayer,
    partner: str,
    item: str,
    *,
    quantity: Decimal | None = None,
    day: date | None = None,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Ask for the price that a partner pays, special prices and discounts included.

    The names of quantity (in sales units) and day are those of SAP's SDK help, ItemPriceParams;
    `more` may name the unit (UoMEntry) and what the quantity is in stock (InventoryQuantity).
    """
    asked: dict[str, Any] = {"CardCode": partner, "ItemCode": item}
    if quantity is not None:
        asked["UoMQuantity"] = quantity
    if day is not None:
        asked["Date"] = day.isoformat()
    return await service.ask("CompanyService_GetItemPrice", {"ItemPriceParams": asked | dict(more)})


async def document_series(service: ServiceLayer, object_type: str) -> list[dict[str, Any]]:
    """List the numbering series of a kind of document, such as 17 for orders."""
    name = "SeriesService_GetDocumentSeries"
    asked = {"DocumentTypeParams": {"Document": object_type}}
    answer = await service.ask(name, asked)
    rows = answer.get("value")
    if not isinstance(rows, list):
        raise _unreadable(name, answer)
    return rows


async def currency_rate(service: ServiceLayer, currency: str, day: date) -> Decimal:
    """Ask what one unit of a currency costs on a day; Rejected NOT_FOUND without a rate.

    The names of the parameters are those of SAP's metadata; the answer is a bare number (11).
    """
    name = "SBOBobService_GetCurrencyRate"
    asked = {"Currency": currency, "Date": day.isoformat()}
    answer = await service.ask(name, asked)
    rate = answer.get("value")
    if not isinstance(rate, (int, Decimal)):
        raise _unreadable(name, answer)
    return Decimal(rate)


async def save_draft(service: ServiceLayer, entry: int, **changes: Any) -> None:
    """Turn an approved draft into its document, which gets a number of its own (9.9)."""
    document = {"DocEntry": str(entry), **changes}
    await service.post("DraftsService_SaveDraftToDocument", {"Document": document})


def _unreadable(name: str, answer: Mapping[str, Any]) -> ContractBroken:
    msg = f"{SYSTEM}: {name} answered in a shape nobody described"
    return ContractBroken(msg, system=SYSTEM, payload=evidence(answer))
