"""Master data as a client of the hub reads it: customers, items, prices, the company."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from b1bridge.domain.customers import Address, BusinessPartner
from b1bridge.domain.documents import Item


@dataclass(frozen=True, slots=True)
class CardAddress:
    """An address on a customer's card, by the name it has there."""

    name: str
    is_ship_to: bool
    address: Address


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """A customer account with its addresses."""

    partner: BusinessPartner
    addresses: tuple[CardAddress, ...]


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item with what a shop would want to know of it; `group` is its item group's key."""

    item: Item
    foreign_name: str = ""
    group: str = ""
    barcode: str = ""
    sales_unit: str = ""
    stock_unit: str = ""
    is_valid: bool = True


@dataclass(frozen=True, slots=True)
class CustomerPrice:
    """What one unit costs a customer; `price` is before the discount, in per cent.

    `includes_tax` is what the customer's price list says.
    """

    price: Decimal
    currency: str
    discount: Decimal
    includes_tax: bool

    @property
    def asked(self) -> Decimal:
        """What is to be paid for one, less the discount."""
        return self.price * (1 - self.discount / 100)


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """Who the company is, and in what it counts; `database` is the name of its own."""

    name: str
    currency: str
    time_zone: str
    database: str = ""
