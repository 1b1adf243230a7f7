"""What an item costs a customer, asked of SAP itself: special prices and discounts included.

CompanyService_GetItemPrice: sap-service-layer.md 5. That its price is the one before the discount
is a guess; with the discount beside it, nothing is hidden.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.odata import eq, key, query, speakable
from b1bridge.connectors.sap_b1.client.refusals import NOT_FOUND
from b1bridge.connectors.sap_b1.client.services import item_price
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Amount, Text, Wire, YesNo, fields_of
from b1bridge.domain.directory import CustomerPrice
from b1bridge.errors import Rejected
from b1bridge.sdk.reading import read


class WireListOfPartner(Wire):
    """Which price list a customer buys by."""

    code: str = Field(alias="CardCode")
    price_list: int | None = Field(alias="PriceListNum", default=None)


class WirePriceList(Wire):
    """Whether the prices of a list hold tax."""

    is_gross: YesNo = Field(alias="IsGrossPrice", default=False)


class WirePrice(Wire):
    """The answer of SAP's service."""

    price: Amount = Field(alias="Price")
    currency: Text = Field(alias="Currency")
    discount: Amount = Field(alias="Discount", default=Decimal(0))


class SapPrices(Account):
    """The CustomerPrices capability."""

    async def price_for(
        self, customer: str, item: str, quantity: Decimal, day: date
    ) -> CustomerPrice | None:
        """Ask with the quantity in sales units; three requests."""
        if not all(code and speakable(code) for code in (customer, item)):
            return None
        price_list = await self._price_list_of(customer)
        if price_list is None:
            return None
        try:
            answer = await item_price(self._service, customer, item, quantity=quantity, day=day)
        except Rejected as exc:
            if exc.code != NOT_FOUND:
                raise
            return None
        wire = read(WirePrice, answer, system=SYSTEM, record=f"price of {item} for {customer}")
        gross = await self._is_gross(price_list)
        return CustomerPrice(wire.price, wire.currency, wire.discount, gross)

    async def _price_list_of(self, customer: str) -> int | None:
        """Return the number of the list; 0 where the customer has none."""
        page = await self._service.rows(
            "BusinessPartners", select=fields_of(WireListOfPartner), where=eq("CardCode", customer)
        )
        found = (read(WireListOfPartner, row, system=SYSTEM) for row in page.rows)
        card = next((one for one in found if one.code == customer), None)
        return None if card is None else card.price_list or 0

    async def _is_gross(self, number: int) -> bool:
        """Tell of a list that is numbered from 1; "last price" and its kin are numbered below."""
        if number < 1:
            return False
        path = f"{key('PriceLists', number)}?{query(select=fields_of(WirePriceList))}"
        answer = await self._service.get(path)
        return read(WirePriceList, answer, system=SYSTEM, record=f"price list {number}").is_gross
