"""What the books know of a customer, an item and an invoice that is worth telling to sales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from b1bridge.domain.contacts import Contact
from b1bridge.domain.customers import Address
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerProfile:
    """A customer or lead with its people and what it owes.

    `balance` and `overdue` are what it owes in the company's currency, `open_orders` and
    `open_deliveries` what it has ordered and received without an invoice yet; `credit_limit` is
    zero where there is none; `segment` is the name of its group, `billing` its default bill-to.
    """

    ref: Ref
    name: str
    balance: Money
    overdue: Money
    credit_limit: Money
    open_orders: Money
    open_deliveries: Money
    is_lead: bool = False
    is_active: bool = True
    billing: Address = field(default_factory=Address)
    price_list: str = ""
    segment: str = ""
    contacts: tuple[Contact, ...] = ()


NO_LIST = 0
"""Of a price that is a customer's and no list's; lists are numbered from 1."""


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What one sales unit costs by one price list; the currency is named as the books name it."""

    price_list: int
    amount: Decimal
    currency: str
    includes_tax: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProfile:
    """An item as sales needs it: `free` is what each warehouse has that nobody ordered yet.

    It is sold and priced by `unit`; `sold_in` tells how many inventory units one holds, where that
    is not one. `free` and `on_order` (from suppliers) count inventory units; something of it should
    arrive by `expected`. Services and the like are not stocked.
    `tax` is the rate of its tax code, in per cent, on the day it was read; None where it has none.
    """

    ref: Ref
    name: str
    is_sold: bool = True
    unit: str = ""
    sold_in: Unit | None = None
    tax: Decimal | None = None
    prices: tuple[ListPrice, ...] = ()
    is_stocked: bool = True
    free: Mapping[str, Decimal]
    on_order: Mapping[str, Decimal] = field(default_factory=dict)
    expected: date | None = None
    profit_centre: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a payment or a credit memo took off an invoice."""

    posted: Posted
    day: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceProfile:
    """An invoice and what became of it; `reference` is the one it carries, ours or another's."""

    ref: Ref
    number: int
    partner: str
    reference: str
    issued: date
    due: date
    total: Money
    paid: Money
    is_open: bool
    is_cancelled: bool = False
    settlements: tuple[Settlement, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemTax:
    """The tax code that an item is sold with, and its rate in per cent."""

    code: str
    rate: Decimal
