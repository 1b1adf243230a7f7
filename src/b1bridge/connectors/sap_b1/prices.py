"""What an item costs a customer, asked of SAP itself: special prices and discounts included.

CompanyService_GetItemPrice: sap-service-layer.md 5. That its price is the one before the discount
is a guess; with the discount beside it, nothing is hidden.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from b1bridge.connectors.sap_b1.client.odata import eq, speakable
from b1bridge.connectors.sap_b1.client.refusals import NOT_FOUND
from b1bridge.connectors.sap_b1.client.services import item_price
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.names import SapNames
from b1bridge.connectors.sap_b1.wire import Amount, Text, Wire, fields_of
from b1bridge.domain.directory import CustomerPrice
from b1bridge.domain.units import Unit
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read


class WireListOfPartner(Wire):
    """Which price list a customer buys by."""

    code: str = Field(alias="CardCode")
    price_list: int | None = Field(alias="PriceListNum", default=None)


class WirePrice(Wire):
    """The answer of SAP's service."""

    price: Amount = Field(alias="Price")
    currency: Text = Field(alias="Currency")
    discount: Amount = Field(alias="Discount", default=Decimal(0))


class SapPrices(SapNames):
    """The CustomerPrices capability."""

    async def price_for(
        self,
        customer: str,
        item: str,
        quantity: Decimal,
        day: date,
        *,
        unit: Unit | None = None,
    ) -> CustomerPrice | None:
        """Ask with the quantity in sales units; two requests, and one more once a minute."""
        if not all(code and speakable(code) for code in (customer, item)):
            return None
        price_list = await self._price_list_of(customer)
        if price_list is None:
            return None
        try:
            answer = await item_price(
                self._service, customer, item, quantity=quantity, day=day, more=_in(unit, quantity)
            )
        except Rejected as exc:
            if exc.code != NOT_FOUND:
                raise
            return None
        wire = read(WirePrice, answer, system=SYSTEM, record=f"price of {item} for {customer}")
        # "Last price" and its kin are numbered below 1, and are no lists.
        listed = (await self.price_lists()).get(price_list)
        gross = bool(listed and listed.is_gross)
        return CustomerPrice(wire.price, wire.currency, wire.discount, gross)

    async def _price_list_of(self, customer: str) -> int | None:
        """Return the number of the list; 0 where the customer has none."""
        page = await self._service.rows(
            "BusinessPartners", select=fields_of(WireListOfPartner), where=eq("CardCode", customer)
        )
        found = (read(WireListOfPartner, row, system=SYSTEM) for row in page.rows)
        card = next((one for one in found if one.code == customer), None)
        return None if card is None else card.price_list or 0


def _in(unit: Unit | None, quantity: Decimal) -> dict[str, Any]:
    """Name a unit of a group; SAP knows itself what an item without one is sold in."""
    if unit is None or unit.entry < 0:
        return {}
    return {"UoMEntry": unit.entry, "InventoryQuantity": quantity * unit.pieces}
