"""The short lists of codes that an order may name, kept for a minute.

Sets and their names: sap-service-layer.md 13 and 14.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from time import monotonic
from types import MappingProxyType
from typing import TypeVar

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.tax_codes import WireSalesCode, WireVatGroup, rate_on
from b1bridge.connectors.sap_b1.wire import Text, Wire, fields_of
from b1bridge.domain.codes import Code, CodeKind
from b1bridge.sdk.reading import read

W = TypeVar("W", bound=Wire)
# Seconds. Whoever adds a code in SAP sees it here with the next coffee.
_KEPT = 60.0


class WireFreight(Wire):
    """A kind of freight."""

    code: int = Field(alias="ExpensCode")
    name: Text = Field(alias="Name")


class WireShippingType(Wire):
    """A way to ship."""

    code: int = Field(alias="Code")
    name: Text = Field(alias="Name")


class WirePaymentMethod(Wire):
    """A payment method of the payment wizard; those that pay out are no customer's."""

    code: str = Field(alias="PaymentMethodCode")
    name: Text = Field(alias="Description")
    direction: Text = Field(alias="Type")


class WireNamedVatGroup(WireVatGroup):
    """A tax code with its name."""

    name: Text = Field(alias="Name")


class WireNamedSalesCode(WireSalesCode):
    """A tax code with its name."""

    name: Text = Field(alias="Name")


@dataclass(frozen=True, slots=True)
class _Kept:
    codes: tuple[Code, ...]
    until: float


class SapCodeLists(Account):
    """The CodeLists capability."""

    _lists: Mapping[tuple[CodeKind, date | None], _Kept] = MappingProxyType({})

    async def codes(self, kind: CodeKind, day: date) -> tuple[Code, ...]:
        """Return one list; what somebody entered in SAP shows within a minute."""
        asked = (kind, day if kind is CodeKind.TAX_CODES else None)
        now = monotonic()
        kept = self._lists.get(asked)
        if kept is None or kept.until < now:
            kept = _Kept(await self._read_list(kind, day), now + _KEPT)
            fresh = {other: one for other, one in self._lists.items() if one.until >= now}
            self._lists = {**fresh, asked: kept}
        return kept.codes

    async def _read_list(self, kind: CodeKind, day: date) -> tuple[Code, ...]:
        readers: dict[CodeKind, Callable[[], Awaitable[list[Code]]]] = {
            CodeKind.FREIGHT: self._freight,
            CodeKind.SHIPPING_TYPES: self._shipping_types,
            CodeKind.PAYMENT_METHODS: self._payment_methods,
            CodeKind.TAX_CODES: lambda: self._tax_codes(day),
        }
        return tuple(await readers[kind]())

    async def _freight(self) -> list[Code]:
        rows = self._all(WireFreight, "AdditionalExpenses", "ExpensCode")
        return [Code(str(one.code), one.name) async for one in rows]

    async def _shipping_types(self) -> list[Code]:
        rows = self._all(WireShippingType, "ShippingTypes", "Code")
        return [Code(str(one.code), one.name) async for one in rows]

    async def _payment_methods(self) -> list[Code]:
        rows = self._all(WirePaymentMethod, "WizardPaymentMethods", "PaymentMethodCode")
        return [Code(one.code, one.name) async for one in rows if one.direction == "boptIncoming"]

    async def _tax_codes(self, day: date) -> list[Code]:
        model: type[WireNamedVatGroup | WireNamedSalesCode] = WireNamedSalesCode
        if self._settings.tax_field == "VatGroup":
            model = WireNamedVatGroup
        rows = self._all(model, model.entity_set, "Code")
        return [
            Code(one.code, one.name, rate_on(day, one.rates)) async for one in rows if one.sells
        ]

    async def _all(self, model: type[W], entity_set: str, key: str) -> AsyncIterator[W]:
        async for rows in windows(self._service, entity_set, key=key, select=fields_of(model)):
            for row in rows:
                yield read(model, row, system=SYSTEM, record=f"{entity_set} {row.get(key)}")
