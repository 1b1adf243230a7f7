"""A sales document as the books will keep it, and the totals it must come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from b1bridge.domain.customers import Address
from b1bridge.domain.identity import Posted
from b1bridge.domain.kits import Tree
from b1bridge.domain.money import Money
from b1bridge.domain.units import Unit


class DocumentKind(StrEnum):
    """The documents that an order and what follows it can become."""

    QUOTATION = "quotation"
    SALES_ORDER = "sales order"
    DELIVERY = "delivery"
    RETURN = "return"
    INVOICE = "invoice"
    CREDIT_MEMO = "credit memo"
    DOWN_PAYMENT = "down payment"


@dataclass(frozen=True, slots=True)
class BaseRow:
    """The row of an earlier document that a row is drawn from, counted from 0 there."""

    kind: DocumentKind
    entry: int
    row: int


@dataclass(frozen=True, slots=True)
class BatchTaken:
    """So much of a batch that a row takes, in inventory units."""

    number: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One row. `amount` is net or gross as the document's price mode says.

    A row without an item is a service, booked on `account`; a document holds items or services,
    never both. A row that does not move stock changes the value alone (correctness-rules 3.5).
    `quantity` counts in `unit`, or else in the item's usual one. `tree` is said where the parts
    of a kit are rows of their own. A row that takes batches names them before it is posted.
    """

    item: str
    description: str
    quantity: Decimal
    amount: Money
    tax_code: str
    tax_rate: Decimal
    warehouse: str
    base: BaseRow | None = None
    account: str = ""
    moves_stock: bool = True
    unit: Unit | None = None
    tree: Tree = Tree.NONE
    takes_batches: bool = False
    batches: tuple[BatchTaken, ...] = ()


@dataclass(frozen=True, slots=True)
class Expense:
    """Freight or a fee, with its own tax code. `amount` is net or gross as the document says."""

    code: int
    amount: Money
    tax_code: str
    tax_rate: Decimal
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How much of a paid down payment an invoice takes off what is left to pay, tax included."""

    entry: int
    gross: Money


@dataclass(frozen=True, slots=True)
class Totals:
    """What two sides must agree on: `total` includes tax, `freight` is net of tax.

    Down payments that an invoice draws leave its totals as they are.
    """

    total: Money
    tax: Money
    freight: Money


@dataclass(frozen=True, slots=True)
class Booked:
    """A document as it stands in the books."""

    posted: Posted
    business_partner: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class SalesDocument:
    """A document ready to post; `rounding` is added to the total.

    `taxed_on` is the day it belongs to, where that is another than the day it is posted on.
    `rate` is what one unit of its currency is worth at home; None leaves that to the books.
    `transport`, `payment_method` and `contact` are the books' own codes, None or empty where the
    books decide; `also_carried` is a field of the books and the number it takes.
    """

    kind: DocumentKind
    reference: str
    business_partner: str
    posted_on: date
    due_on: date
    currency: str
    gross: bool
    lines: tuple[DocumentLine, ...]
    expenses: tuple[Expense, ...]
    rounding: Money
    ship_to: Address
    bill_to: Address
    comments: str = ""
    reserve: bool = False
    tax_by_row: bool = False
    draws: tuple[Drawing, ...] = ()
    taxed_on: date | None = None
    rate: Decimal | None = None
    transport: int | None = None
    payment_method: str = ""
    contact: int | None = None
    also_carried: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What a document needs to know of an item before it is put on a line."""

    code: str
    name: str
    sales_item: bool = True
    inventory_item: bool = True
    frozen: bool = False
    batch_managed: bool = False
    serial_managed: bool = False
    default_warehouse: str = ""
    tree: Tree = Tree.NONE


@dataclass(frozen=True, slots=True)
class CompanyRules:
    """How one company counts: its currency, decimals, and the time zone its days end in.

    `tax_by_row`: tax is rounded on each row, not on the sum of the rows of one code.
    """

    local_currency: str
    time_zone: str
    amount_decimals: int = 2
    price_decimals: int = 6
    tax_by_row: bool = False

    def day_of(self, moment: datetime) -> date:
        """Return the day it was where the company's days end (correctness-rules 3.13)."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()
