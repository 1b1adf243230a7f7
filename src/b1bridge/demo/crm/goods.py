"""What SAP has to sell, past the hub: items with their prices, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from b1bridge.demo.crm.books import BASE_LIST, DOLLAR_LIST
from b1bridge.demo.crm.cards import product_card
from b1bridge.demo.sap_ledger import SapLedger

_IN_PARTS = {"iSalesTree", "iAssemblyTree", "iTemplateTree"}


def items(sap: SapLedger) -> dict[str, str]:
    """Return the card of each item that is sold by its code."""
    fields = "ItemCode,ItemPrices,ItemWarehouseInfoCollection,SalesItem,Frozen,Valid"
    rows = list(sap.rows("Items", "ItemCode", fields))
    free = {row["ItemCode"]: _free(row["ItemWarehouseInfoCollection"]) for row in rows}
    kits = _kits(sap)
    found = {}
    for row in rows:
        if (row["SalesItem"], row["Frozen"], row["Valid"]) == ("tYES", "tNO", "tYES"):
            code, lists = row["ItemCode"], {BASE_LIST, DOLLAR_LIST}
            listed = [one for one in row["ItemPrices"] if one["PriceList"] in lists]
            stock = _made(kits[code], free) if code in kits else sum(free[code].values())
            prices = ((one["Currency"], one["Price"]) for one in listed)
            found[code] = product_card(prices, stock)
    return found


def _free(shelves: Iterable[Any]) -> dict[str, Decimal]:
    return {
        one["WarehouseCode"]: Decimal(one["InStock"]) - Decimal(one["Committed"]) for one in shelves
    }


def _kits(sap: SapLedger) -> dict[str, dict[str, Decimal]]:
    """Return the parts, by item, of what is not stocked itself."""
    trees = sap.rows("ProductTrees", "TreeCode", "TreeCode,TreeType,ProductTreeLines")
    return {
        tree["TreeCode"]: {
            line["ItemCode"]: Decimal(line["Quantity"]) for line in tree["ProductTreeLines"]
        }
        for tree in trees
        if tree["TreeType"] in _IN_PARTS
    }


def _made(parts: Mapping[str, Decimal], free: Mapping[str, Mapping[str, Decimal]]) -> int:
    """Count the kits that the parts make, warehouse by warehouse."""
    places = {place for part in parts for place in free[part]}
    return sum(
        max(0, min(int(free[part].get(place, 0) // each) for part, each in parts.items()))
        for place in places
    )
