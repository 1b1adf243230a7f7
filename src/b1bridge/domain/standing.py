"""Documents as they stand in the books: what of them is open, paid, drawn or called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from b1bridge.domain.documents import BaseRow, DocumentKind, Totals
from b1bridge.domain.identity import Posted
from b1bridge.domain.kits import Tree
from b1bridge.domain.money import Money
from b1bridge.domain.units import Unit

REVISION = "+"
"""What stands between the reference of an order and the number of a change to its documents."""


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One row as the books hold it; `number` is counted from 0, amounts are of the whole row.

    `open_quantity` is what no later document has drawn yet, to be delivered by `ship_on`. A part
    of a kit stands below the kit, which bears its price.
    """

    number: int
    item: str
    description: str
    quantity: Decimal
    open_quantity: Decimal
    is_open: bool
    net: Money
    tax: Money
    tax_code: str
    tax_rate: Decimal
    warehouse: str
    account: str = ""
    base: BaseRow | None = None
    moves_stock: bool = True
    is_part_of_kit: bool = False
    tree: Tree = Tree.NONE
    unit: Unit | None = None
    ship_on: date | None = None

    @property
    def gross(self) -> Money:
        """What the row comes to with its tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class StandingExpense:
    """Freight or a fee as the books hold it; `number` is counted from 0."""

    number: int
    code: int
    net: Money
    tax: Money
    tax_code: str
    tax_rate: Decimal
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One document in force; `paid` is what payments, credits and drawings have settled of it."""

    posted: Posted
    reference: str
    business_partner: str
    posted_on: date
    is_open: bool
    gross: bool
    totals: Totals
    paid: Money
    rounding: Money
    rows: tuple[StandingRow, ...]
    expenses: tuple[StandingExpense, ...]
    reserve: bool = False

    @property
    def kind(self) -> DocumentKind:
        """Which kind of document this is."""
        return DocumentKind(self.posted.kind)

    @property
    def is_untouched(self) -> bool:
        """Whether no later document has drawn from any row, and nobody has closed one."""
        return self.is_open and all(
            row.is_open and row.open_quantity == row.quantity for row in self.rows
        )


def left_of(document: Standing) -> Money:
    """Return what nobody has paid or credited of a document yet; nothing once it is closed."""
    left = document.totals.total - document.paid
    zero = Money.zero(left.currency)
    return left if document.is_open and left > zero else zero


def revision(reference: str, number: int) -> str:
    """Name the n-th change to what was posted under a reference: shop-eu/order/812+1."""
    return f"{reference}{REVISION}{number}"


def revision_of(reference: str) -> int:
    """Return which change a reference names; 0 is the document as first posted."""
    _, mark, number = reference.rpartition(REVISION)
    return int(number) if mark and number.isdecimal() else 0


def base_reference(reference: str) -> str:
    """Return the reference of the document as first posted, whichever change of it is named."""
    return reference.rpartition(REVISION)[0] if revision_of(reference) else reference
