"""Names behind the numbers on cards: price lists and groups of partners, kept for a minute.

Sets: sap-service-layer.md 14. Neither has a stamp of its last change (7).
"""

from __future__ import annotations

import math
from time import monotonic
from typing import TypeVar

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
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


class SapNames(Account):
    """Short lists that every profile needs."""

    _price_lists: tuple[float, dict[int, WirePriceListCard]] = (-math.inf, {})
    _groups: tuple[float, dict[int, str]] = (-math.inf, {})

    async def price_lists(self) -> dict[int, WirePriceListCard]:
        """Return every price list by its number."""
        if monotonic() - self._price_lists[0] > _KEPT:
            rows = await self._cards(WirePriceListCard, "PriceLists", "PriceListNo")
            self._price_lists = (monotonic(), {one.number: one for one in rows})
        return self._price_lists[1]

    async def partner_groups(self) -> dict[int, str]:
        """Return the names of the groups of business partners by their codes."""
        if monotonic() - self._groups[0] > _KEPT:
            rows = await self._cards(WirePartnerGroup, "BusinessPartnerGroups", "Code")
            self._groups = (monotonic(), {one.code: one.name for one in rows})
        return self._groups[1]

    async def _cards(self, model: type[W], entity_set: str, key: str) -> list[W]:
        found = windows(self._service, entity_set, key=key, select=fields_of(model))
        return [
            read(model, row, system=SYSTEM, record=f"{entity_set} {row.get(key)}")
            async for rows in found
            for row in rows
        ]
