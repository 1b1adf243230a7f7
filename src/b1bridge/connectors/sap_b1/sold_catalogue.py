"""The items that are sold, with what an operator must know of them before a shop goes live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

from pydantic import Field, TypeAdapter

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import eq
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Text, Wire, YesNo, fields_of
from b1bridge.connectors.sap_b1.words import YES
from b1bridge.domain.coverage import SoldItem
from b1bridge.domain.kits import Tree
from b1bridge.sdk.reading import read_all

_TREES = {
    "iSalesTree": Tree.SALES,
    "iAssemblyTree": Tree.ASSEMBLY,
    "iTemplateTree": Tree.TEMPLATE,
    "iProductionTree": Tree.PRODUCTION,
}


class WireSoldItem(Wire):
    """An item master record, as far as it tells how the item is sold."""

    code: str = Field(alias="ItemCode")
    name: Text = Field(alias="ItemName")
    stocked: YesNo = Field(alias="InventoryItem")
    frozen: YesNo = Field(alias="Frozen")
    batch_managed: YesNo = Field(alias="ManageBatchNumbers")
    serial_managed: YesNo = Field(alias="ManageSerialNumbers")
    tree: Text = Field(alias="TreeType")
    tax_code: Text = Field(alias="SalesVATGroup")
    stock_unit: Text = Field(alias="InventoryUOM")
    sales_unit: Text = Field(alias="SalesUnit")
    units_each: Amount = Field(alias="SalesItemsPerUnit", default=Decimal(1))


_ITEMS = TypeAdapter(list[WireSoldItem])


class SapSoldCatalogue(Account):
    """Reads the items that are sold."""

    async def sold_items(self) -> AsyncIterator[SoldItem]:
        """Yield every item that is sold, ordered by code."""
        async for rows in windows(
            self._service,
            "Items",
            key="ItemCode",
            select=fields_of(WireSoldItem),
            where=eq("SalesItem", YES),
        ):
            for wire in read_all(_ITEMS, rows, system=SYSTEM, record="items"):
                yield sold_item_from(wire)


def sold_item_from(wire: WireSoldItem) -> SoldItem:
    """Translate one item; SAP says 0 units each where the field was never filled."""
    facts = wire.model_dump() | {
        "tree": _TREES.get(wire.tree, Tree.NONE),
        "units_each": wire.units_each or Decimal(1),
    }
    return SoldItem(**facts)
