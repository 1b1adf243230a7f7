"""Names behind the numbers on cards: price lists, groups of partners, units; kept for a minute.

Sets: sap-service-layer.md 14. None has a stamp of its last change (7).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from time import monotonic
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.units import WireUnitGroup
from b1bridge.connectors.sap_b1.wire import Text, Wire, YesNo, fields_of
from b1bridge.sdk.reading import read

W = TypeVar("W", bound=Wire)
# Seconds. A list that is renamed meanwhile shows with the next change of a card.
_KEPT = 60.0


class WirePriceListCard(Wire):
    """A price list: its name, and how its prices are meant."""

    number: int = Field(alias="PriceListNo")
    name: Text = Field(alias="PriceListName")
    currency: Text = Field(alias="DefaultPrimeCurrency", default="")
    is_gross: YesNo = Field(alias="IsGrossPrice", default=False)


class WirePartnerGroup(Wire):
    """A group of business partners."""

    code: int = Field(alias="Code")
    name: Text = Field(alias="Name")


class WireUnitName(Wire):
    """A unit of measure."""

    entry: int = Field(alias="AbsEntry")
    code: Text = Field(alias="Code")
    name: Text = Field(alias="Name", default="")


class WireUnitsOfGroup(WireUnitGroup):
    """A group of units, and the one that its items are counted in."""

    entry: int = Field(alias="AbsEntry")
    base: int | None = Field(alias="BaseUoM", default=None)


class SapNames(Account):
    """Short lists that every profile needs."""

    _names_kept: Mapping[str, tuple[float, dict[int, Any]]] = MappingProxyType({})

    async def price_lists(self) -> dict[int, WirePriceListCard]:
        """Return every price list by its number."""
        return await self._kept_names(WirePriceListCard, "PriceLists", "PriceListNo")

    async def partner_groups(self) -> dict[int, str]:
        """Return the names of the groups of business partners by their codes."""
        found = await self._kept_names(WirePartnerGroup, "BusinessPartnerGroups", "Code")
        return {code: one.name for code, one in found.items()}

    async def unit_names(self) -> dict[int, str]:
        """Return what units are called, by their keys."""
        found = await self._kept_names(WireUnitName, "UnitOfMeasurements", "AbsEntry")
        return {entry: one.name or one.code for entry, one in found.items()}

    async def unit_groups(self) -> dict[int, WireUnitsOfGroup]:
        """Return the groups of units by their keys."""
        return await self._kept_names(WireUnitsOfGroup, "UnitOfMeasurementGroups", "AbsEntry")

    async def _kept_names(self, model: type[W], entity_set: str, key: str) -> dict[int, W]:
        read_at, found = self._names_kept.get(entity_set, (-math.inf, {}))
        if monotonic() - read_at > _KEPT:
            found = await self._read_names(model, entity_set, key)
            self._names_kept = {**self._names_kept, entity_set: (monotonic(), found)}
        return found

    async def _read_names(self, model: type[W], entity_set: str, key: str) -> dict[int, W]:
        found = windows(self._service, entity_set, key=key, select=fields_of(model))
        return {
            int(row[key]): read(model, row, system=SYSTEM, record=f"{entity_set} {row[key]}")
            async for rows in found
            for row in rows
        }
