"""Items as sales needs them: prices of every list, free stock, tax; and which of them changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pydantic import Field

from b1bridge.connectors.sap_b1.activity import WireActivity
from b1bridge.connectors.sap_b1.arrivals import SapArrivals
from b1bridge.connectors.sap_b1.client.changes import DAY_ONLY
from b1bridge.connectors.sap_b1.client.odata import any_of, eq, speakable
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.company import SapCompany
from b1bridge.connectors.sap_b1.kit_stock import SapKitStock, with_kits
from b1bridge.connectors.sap_b1.list_prices import NO_GROUP, WireItemPrice, prices_of
from b1bridge.connectors.sap_b1.moments import Told, changes_of, in_order, stamped, within
from b1bridge.connectors.sap_b1.names import SapNames
from b1bridge.connectors.sap_b1.stock_moves import MOVING, items_on
from b1bridge.connectors.sap_b1.tax_codes import SapTaxCodes
from b1bridge.connectors.sap_b1.wire import (
    Amount,
    Row,
    Text,
    Wire,
    WireShelf,
    YesNo,
    fields_of,
)
from b1bridge.connectors.sap_b1.words import TREE_NAMES
from b1bridge.domain.crm_profiles import ItemProfile, ItemTax
from b1bridge.domain.identity import Ref
from b1bridge.domain.kits import IN_PARTS
from b1bridge.domain.units import Unit
from b1bridge.sdk.reading import read

KIND = "item"
_SET = "Items"
_ONE = Decimal(1)
_KITS = {TREE_NAMES[tree] for tree in IN_PARTS}


class WireTaxedItem(Wire):
    """An item with nothing but its tax codes."""

    code: str = Field(alias="ItemCode")
    vat_group: Text = Field(alias="SalesVATGroup", default="")
    tax_code: Text = Field(alias="ArTaxCode", default="")


class WireItemProfile(WireTaxedItem, WireActivity):
    """An item with its prices and shelves."""

    name: Text = Field(alias="ItemName")
    sales_item: YesNo = Field(alias="SalesItem")
    inventory_item: YesNo = Field(alias="InventoryItem", default=True)
    tree: Text = Field(alias="TreeType", default="")
    sales_unit: Text = Field(alias="SalesUnit", default="")
    stock_unit: Text = Field(alias="InventoryUOM", default="")
    prices: tuple[WireItemPrice, ...] = Field(alias="ItemPrices", default=())
    unit_group: int | None = Field(alias="UoMGroupEntry", default=None)
    usual_unit: int | None = Field(alias="DefaultSalesUoMEntry", default=None)
    pieces: Amount = Field(alias="SalesItemsPerUnit", default=Decimal(1))
    shelves: tuple[WireShelf, ...] = Field(alias="ItemWarehouseInfoCollection", default=())


class SapItemProfiles(SapTaxCodes, SapCompany, SapNames, SapArrivals, SapKitStock):
    """The ItemProfiles and ItemTaxes capabilities."""

    async def item_profile(self, ref: Ref, moment: datetime) -> ItemProfile | None:
        """Look up by $filter: a slash in a key's path would stop at Apache."""
        if not ref.id or not speakable(ref.id):
            return None
        more = self._settings.profit_centre_field
        select = (*fields_of(WireItemProfile), *([more] if more else []))
        page = await self._service.rows(_SET, select=select, where=eq("ItemCode", ref.id))
        row = next((row for row in page.rows if row.get("ItemCode") == ref.id), None)
        if row is None:
            return None
        wire = read(WireItemProfile, row, system=SYSTEM, record=str(ref))
        taxes = await self._taxes([wire], moment)
        rules, unit = await self.rules(), await self._sold_in(wire)
        kit = (await self.known_kits()).get(ref.id) if wire.tree in _KITS else None
        any_ordered = any(one.ordered for one in wire.shelves)
        return ItemProfile(
            ref=ref,
            name=wire.name,
            is_sold=wire.sales_item and wire.is_active(rules.day_of(moment)),
            unit=(unit.code if unit else "") or wire.sales_unit or wire.stock_unit,
            sold_in=unit,
            tax=taxes[ref.id].rate if ref.id in taxes else None,
            prices=prices_of(wire.prices, await self.price_lists(), rules.local_currency, unit),
            is_stocked=wire.inventory_item or kit is not None,
            free=await self.free_kits(kit) if kit else _free(wire.shelves),
            on_order={one.warehouse: one.ordered for one in wire.shelves},
            expected=(await self.arrivals()).get(ref.id) if any_ordered else None,
            profit_centre=str(row.get(more) or "").strip() if more else "",
        )

    async def items_changed_since(self, moment: datetime) -> AsyncIterator[tuple[Ref, datetime]]:
        """Yield what was stamped, and what is on documents that move or promise stock.

        A factor changed on a price list stamps no item (sap-service-layer.md 7).
        """
        zone = ZoneInfo(self._settings.time_zone)
        told: Told = set()
        changes = changes_of(self._service, _SET, "ItemCode", (), moment, zone)
        async for rows in changes.windows():
            told |= {(at, str(row["ItemCode"])) for row in rows if (at := stamped(row, zone))}
        for name, lines in MOVING.items():
            documents = changes_of(self._service, name, "DocEntry", [lines], moment, zone)
            async for rows in documents.windows():
                told |= _moved(name, lines, rows, zone)
        if told:
            told = with_kits(told, (await self.known_kits()).values())
        for changed in in_order(told, self._connection, KIND):
            yield changed

    async def item_taxes(self, items: Collection[str], moment: datetime) -> dict[str, ItemTax]:
        """Read code and rate of these items."""
        wanted = sorted(code for code in items if code and speakable(code))
        found = [
            read(WireTaxedItem, row, system=SYSTEM, record="item's tax")
            for where in any_of("ItemCode", wanted)
            async for rows in windows(
                self._service, _SET, key="ItemCode", select=fields_of(WireTaxedItem), where=where
            )
            for row in rows
        ]
        return await self._taxes([one for one in found if one.code in wanted], moment)

    async def _sold_in(self, wire: WireItemProfile) -> Unit | None:
        """Return the unit that a row counts in when it names none; None for single pieces."""
        if wire.unit_group is None or wire.unit_group < 0:
            each = wire.pieces or _ONE
            return None if each == _ONE else Unit(NO_GROUP, wire.sales_unit, each)
        group = (await self.unit_groups()).get(wire.unit_group)
        entry = wire.usual_unit or (group.base if group else None)
        found = [one for one in group.units if one.entry == entry] if group else []
        if not found or not found[0].of_these:
            return None
        name = (await self.unit_names()).get(found[0].entry, wire.sales_unit)
        return Unit(found[0].entry, name, found[0].hold / found[0].of_these)

    async def _taxes(
        self, items: Collection[WireTaxedItem], moment: datetime
    ) -> dict[str, ItemTax]:
        by_group = self._settings.tax_field == "VatGroup"
        codes = {one.code: one.vat_group if by_group else one.tax_code for one in items}
        day = (await self.rules()).day_of(moment)
        rates = await self.tax_rates({code for code in codes.values() if code}, day)
        return {item: ItemTax(code, rates[code]) for item, code in codes.items() if code in rates}


def _free(shelves: Iterable[WireShelf]) -> dict[str, Decimal]:
    return {one.warehouse: one.on_hand - one.committed for one in shelves}


def _moved(name: str, lines: str, rows: list[Row], zone: ZoneInfo) -> Told:
    told: Told = set()
    for row in rows:
        at = stamped(row, zone)
        if at and name in DAY_ONLY:
            at = within(at.date(), int(row["DocEntry"]), zone)
        if at:
            told |= {(at, item) for item in items_on([row], lines)}
    return told
