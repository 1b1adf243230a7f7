"""What an item costs by its price lists, for one of the unit that it is usually sold in.

A list tells the price of one base unit of the item's group, and beside it prices of other units
(sap-service-layer.md 14, ItemPrice and UoMPrice). A unit without one costs as much as its pieces;
a list made from another takes that one's price of the unit times its factor (both guesses).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import Field

from b1bridge.connectors.sap_b1.names import WirePriceListCard
from b1bridge.connectors.sap_b1.wire import Amount, Text, Wire
from b1bridge.domain.crm_profiles import ListPrice
from b1bridge.domain.money import rounded
from b1bridge.domain.units import Unit

NO_GROUP = -1
"""An item without a group of units: whether its lists mean one piece or one sales unit is not
recorded anywhere, so their prices are told as they stand."""
_PRICE_DECIMALS = 6


class _WirePrices(Wire):
    """A price, and up to two in other currencies."""

    price: Amount = Field(alias="Price", default=Decimal(0))
    currency: Text = Field(alias="Currency", default="")
    price_1: Amount = Field(alias="AdditionalPrice1", default=Decimal(0))
    currency_1: Text = Field(alias="AdditionalCurrency1", default="")
    price_2: Amount = Field(alias="AdditionalPrice2", default=Decimal(0))
    currency_2: Text = Field(alias="AdditionalCurrency2", default="")

    def times(self, factor: Decimal, usual: str) -> list[tuple[Decimal, str]]:
        """Return what is told in any currency; a price without one is in the usual one."""
        said = (
            (self.price, self.currency or usual),
            (self.price_1, self.currency_1),
            (self.price_2, self.currency_2),
        )
        return [
            (price if factor == 1 else rounded(price * factor, _PRICE_DECIMALS), currency)
            for price, currency in said
            if price and currency
        ]


class WireUnitPrice(_WirePrices):
    """The price of another unit than the base one."""

    unit: int = Field(alias="UoMEntry")


class WireItemPrice(_WirePrices):
    """The prices of an item by one list."""

    price_list: int = Field(alias="PriceList")
    base_list: int | None = Field(alias="BasePriceList", default=None)
    factor: Amount = Field(alias="Factor", default=Decimal(1))
    of_units: tuple[WireUnitPrice, ...] = Field(alias="UoMPrices", default=())


def prices_of(
    said: Sequence[WireItemPrice],
    lists: Mapping[int, WirePriceListCard],
    local: str,
    unit: Unit | None,
) -> tuple[ListPrice, ...]:
    """Return the prices of every list; what names no currency is in that of its list."""
    by_list = {one.price_list: one for one in said}
    found = []
    for number, one in by_list.items():
        listed = lists.get(number)
        usual = one.currency or (listed.currency if listed else "") or local
        own, factor = _own(by_list, one, unit)
        pieces = unit.pieces if unit and unit.entry != NO_GROUP else Decimal(1)
        told = own.times(factor, usual) if own else one.times(pieces, usual)
        gross = bool(listed and listed.is_gross)
        found += [ListPrice(number, price, currency, gross) for price, currency in told]
    return tuple(found)


def _own(
    by_list: Mapping[int, WireItemPrice], one: WireItemPrice, unit: Unit | None
) -> tuple[WireUnitPrice | None, Decimal]:
    """Find the unit's own price in the list or in those it is made from, and by what factor."""
    factor, seen = Decimal(1), set[int]()
    while unit is not None and one.price_list not in seen:
        own = next((price for price in one.of_units if price.unit == unit.entry), None)
        if own is not None and own.price:
            return own, factor
        seen.add(one.price_list)
        factor *= one.factor or Decimal(1)
        one = by_list.get(one.base_list or one.price_list, one)
    return None, factor
