"""Which rate stands behind a tax code on a day, kept for a minute."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import Filter, any_of, speakable
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Wire, YesNo, fields_of
from b1bridge.sdk.reading import read

# Seconds. An operator who corrects a code in SAP retries the case with the new rate.
_TRUSTED = 60.0


class WireRate(Wire):
    """From when on a VAT group has a rate."""

    since: date = Field(alias="Effectivefrom")
    rate: Amount = Field(alias="Rate")


class WireVatGroup(Wire):
    """A tax code of a company with VAT; its rate changes by day (sap-service-layer.md 14)."""

    entity_set: ClassVar[str] = "VatGroups"
    code: str = Field(alias="Code")
    category: str = Field(alias="Category")
    inactive: YesNo = Field(alias="Inactive")
    lines: Sequence[WireRate] = Field(alias="VatGroups_Lines")

    @property
    def sells(self) -> bool:
        """Whether a sale may carry the code."""
        return not self.inactive and self.category == "bovcOutputTax"

    @property
    def rates(self) -> tuple[tuple[date, Decimal], ...]:
        """Each rate with the day it begins."""
        return tuple((line.since, line.rate) for line in self.lines)


class WireSalesCode(Wire):
    """A tax code of a company with sales tax; it has one rate (sap-service-layer.md 14)."""

    entity_set: ClassVar[str] = "SalesTaxCodes"
    code: str = Field(alias="Code")
    inactive: YesNo = Field(alias="Inactive")
    receivable: YesNo = Field(alias="ValidForAR")
    rate: Amount = Field(alias="Rate")

    @property
    def sells(self) -> bool:
        """Whether a sale may carry the code."""
        return not self.inactive and self.receivable

    @property
    def rates(self) -> tuple[tuple[date, Decimal], ...]:
        """The one rate, since ever."""
        return ((date.min, self.rate),)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The rates of one code by the day they begin, and until when they are trusted."""

    rates: tuple[tuple[date, Decimal], ...]
    until: float


class SapTaxCodes(Account):
    """The TaxCodes capability."""

    _kept: Mapping[str, _Kept] = MappingProxyType({})

    async def tax_rates(self, codes: Collection[str], day: date) -> dict[str, Decimal]:
        """Ask SAP for the codes that are not kept any more; a code it lacks is asked for again."""
        now = asyncio.get_running_loop().time()
        kept = {code: one for code, one in self._kept.items() if one.until > now}
        wanted = sorted(code for code in codes if code and speakable(code) and code not in kept)
        for where in any_of("Code", wanted):
            kept |= {code: _Kept(rates, now + _TRUSTED) for code, rates in await self._read(where)}
        self._kept = kept
        rates = {code: rate_on(day, kept[code].rates) for code in codes if code in kept}
        return {code: rate for code, rate in rates.items() if rate is not None}

    async def _read(self, where: Filter) -> list[tuple[str, tuple[tuple[date, Decimal], ...]]]:
        model: type[WireVatGroup | WireSalesCode]
        model = WireVatGroup if self._settings.tax_field == "VatGroup" else WireSalesCode
        page = await self._service.rows(model.entity_set, select=fields_of(model), where=where)
        found = [
            read(model, row, system=SYSTEM, record=f"tax code {row.get('Code')}")
            for row in page.rows
        ]
        return [(wire.code, wire.rates) for wire in found if wire.sells]


def rate_on(day: date, rates: tuple[tuple[date, Decimal], ...]) -> Decimal | None:
    """Return the rate that began last; None on a day before all of them."""
    begun = [(since, rate) for since, rate in rates if since <= day]
    return max(begun)[1] if begun else None
