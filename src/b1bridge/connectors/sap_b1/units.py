"""The units that an item is sold in, by its group of units (sap-service-layer.md 14)."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import eq, key, query, speakable
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Wire, fields_of
from b1bridge.domain.units import Unit
from b1bridge.sdk.reading import read


class WireUnitOfGroup(Wire):
    """So many of a unit hold so many of the group's base unit."""

    entry: int = Field(alias="AlternateUoM")
    of_these: Amount = Field(alias="AlternateQuantity", default=Decimal(1))
    hold: Amount = Field(alias="BaseQuantity", default=Decimal(1))


class WireUnitGroup(Wire):
    """The units of a group."""

    units: tuple[WireUnitOfGroup, ...] = Field(alias="UoMGroupDefinitionCollection")


class WireGroupOfItem(Wire):
    """Which group an item belongs to; -1 is none."""

    group: int | None = Field(alias="UoMGroupEntry", default=None)


class SapUnits(Account):
    """The Units capability."""

    async def unit(self, item: str, code: str) -> Unit | None:
        """Find the unit of this code among those of the item's group."""
        entry = await self._entry(code)
        group = await self._group(item) if entry is not None else None
        if group is None:
            return None
        named = (one for one in group.units if one.entry == entry and one.of_these)
        return next((Unit(one.entry, code, one.hold / one.of_these) for one in named), None)

    async def _entry(self, code: str) -> int | None:
        if not speakable(code):
            return None
        page = await self._service.rows(
            "UnitOfMeasurements", select=["AbsEntry", "Code"], where=eq("Code", code)
        )
        return next((int(row["AbsEntry"]) for row in page.rows if row["Code"] == code), None)

    async def _group(self, item: str) -> WireUnitGroup | None:
        path = f"{key('Items', item)}?{query(select=fields_of(WireGroupOfItem))}"
        found = read(
            WireGroupOfItem, await self._service.get(path), system=SYSTEM, record=f"item {item}"
        )
        if found.group is None or found.group < 0:
            return None
        path = key("UnitOfMeasurementGroups", found.group)
        answer = await self._service.get(f"{path}?{query(select=fields_of(WireUnitGroup))}")
        return read(WireUnitGroup, answer, system=SYSTEM, record=f"unit group {found.group}")
