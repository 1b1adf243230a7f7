"""Customers and items as a directory: pages in the order of their codes, and single cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.business_partners import address_of, partner_from
from b1bridge.connectors.sap_b1.client.odata import (
    Filter,
    and_,
    any_of,
    contains,
    eq,
    gt,
    speakable,
)
from b1bridge.connectors.sap_b1.client.service_layer import ANY_CASE, NO_HEADERS
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.items import item_from
from b1bridge.connectors.sap_b1.wire import (
    Key,
    Row,
    Text,
    WireCard,
    WireItem,
    WirePartner,
    YesNo,
    fields_of,
)
from b1bridge.connectors.sap_b1.words import YES
from b1bridge.domain.customers import BusinessPartner
from b1bridge.domain.directory import CardAddress, CatalogueItem, PartnerCard
from b1bridge.domain.listing import Listed, first_of
from b1bridge.sdk.reading import read

_SHIP_TO = "bo_ShipTo"
_CUSTOMER = eq("CardType", "cCustomer")


class WirePartnerCard(WirePartner, WireCard):
    """A customer with the addresses on the card."""


class WireCatalogueItem(WireItem):
    """An item with what a shop would want to know of it."""

    foreign_name: Text = Field(alias="ForeignName", default="")
    group: Key = Field(alias="ItemsGroupCode", default="")
    barcode: Text = Field(alias="BarCode", default="")
    sales_unit: Text = Field(alias="SalesUnit", default="")
    stock_unit: Text = Field(alias="InventoryUOM", default="")
    valid: YesNo = Field(alias="Valid", default=True)


_ITEM = fields_of(WireCatalogueItem)


class SapDirectory(Account):
    """The PartnerDirectory and ItemCatalogue capabilities."""

    async def customers(
        self, *, name: str = "", email: str = "", after: str = "", limit: int
    ) -> Listed[BusinessPartner]:
        """Let SAP search in any letter case; on SQL Server the collation decides (4.2)."""
        asked = {"CardName": name, "EmailAddress": email}
        rows = await self._page("BusinessPartners", "CardCode", WirePartner, asked, after, limit)
        found = [partner_from(_read_partner(row)) for row in rows]
        return first_of([(one.code, one) for one in found], limit)

    async def customer_card(self, code: str) -> PartnerCard | None:
        """Look up by $filter: a slash in a key's path would stop at Apache."""
        if not code or not speakable(code):
            return None
        where = and_(_CUSTOMER, eq("CardCode", code))
        page = await self._service.rows(
            "BusinessPartners", select=fields_of(WirePartnerCard), where=where
        )
        row = next((row for row in page.rows if row.get("CardCode") == code), None)
        if row is None:
            return None
        card = read(WirePartnerCard, row, system=SYSTEM, record=f"business partner {code}")
        addresses = (
            CardAddress(one.name, one.type == _SHIP_TO, address_of(one)) for one in card.addresses
        )
        return PartnerCard(partner_from(card), tuple(addresses))

    async def catalogue(
        self, *, name: str = "", after: str = "", limit: int
    ) -> Listed[CatalogueItem]:
        """Return what is sold, frozen items too: those say so."""
        asked = {"ItemName": name}
        rows = await self._page("Items", "ItemCode", WireCatalogueItem, asked, after, limit)
        found = [_catalogue_item(row) for row in rows]
        return first_of([(one.item.code, one) for one in found], limit)

    async def catalogue_items(self, codes: Collection[str]) -> dict[str, CatalogueItem]:
        """Return exact matches only, even where the database compares loosely."""
        wanted = {code for code in codes if code and speakable(code)}
        found: dict[str, CatalogueItem] = {}
        for where in any_of("ItemCode", sorted(wanted)):
            async for rows in windows(
                self._service, "Items", key="ItemCode", select=_ITEM, where=where
            ):
                found |= {one.item.code: one for one in map(_catalogue_item, rows)}
        return {code: one for code, one in found.items() if code in wanted}

    async def _page(
        self,
        entity_set: str,
        key: str,
        model: type[WirePartner | WireCatalogueItem],
        texts: Mapping[str, str],
        after: str,
        limit: int,
    ) -> list[dict[str, Any]]:
        """Read one row more than is wanted, to know whether there are more."""
        said = {name: text for name, text in texts.items() if text}
        found: list[dict[str, Any]] = []
        if not all(map(speakable, (*said.values(), after))):
            return found
        async for rows in windows(
            self._service,
            entity_set,
            key=key,
            select=fields_of(model),
            where=_where(entity_set, key, said, after),
            size=limit + 1,
            headers=ANY_CASE if said else NO_HEADERS,
        ):
            found.extend(rows)
            if len(found) > limit:
                break
        return found


def _where(entity_set: str, key: str, texts: Mapping[str, str], after: str) -> Filter:
    kind = _CUSTOMER if entity_set == "BusinessPartners" else eq("SalesItem", YES)
    searched = (contains(name, text) for name, text in texts.items())
    return and_(kind, *searched, *([gt(key, after)] if after else []))


def _read_partner(row: Row) -> WirePartner:
    return read(WirePartner, row, system=SYSTEM, record=f"business partner {row.get('CardCode')}")


def _catalogue_item(row: Row) -> CatalogueItem:
    wire = read(WireCatalogueItem, row, system=SYSTEM, record=f"item {row.get('ItemCode')}")
    return CatalogueItem(
        item_from(row),
        foreign_name=wire.foreign_name,
        group=wire.group,
        barcode=wire.barcode,
        sales_unit=wire.sales_unit,
        stock_unit=wire.stock_unit,
        is_valid=wire.valid,
    )
