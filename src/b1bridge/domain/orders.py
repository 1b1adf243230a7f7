"""An order as the shop tells it: every amount is what the shopper was charged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.customers import Address, Customer
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money
from b1bridge.domain.rates import ShopRate
from b1bridge.errors import NeedsOperator


class OrderState(StrEnum):
    """What the shop considers the order to be, as far as the books care."""

    UNPAID_CART = "unpaid cart"  # the shopper never finished paying: not a sale
    OPEN = "open"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class LineKind(StrEnum):
    """What a line sells; only goods have an item behind them."""

    GOODS = "goods"
    GIFT_CERTIFICATE = "gift certificate"


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax inside one amount: `rate` in per cent, `code` the shop's name for it.

    `of_books`: the shop speaks the books' language, and `code` is their own.
    """

    code: str
    rate: Decimal
    amount: Money
    of_books: bool = False


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line after all discounts: `net` + `tax.amount` = `gross`.

    Only the side that the shop prices in is exact: `gross` when the order's prices
    include tax, `net` otherwise; the other is derived from it.
    """

    id: str
    sku: str
    name: str
    quantity: Decimal
    net: Money
    tax: Tax
    gross: Money
    kind: LineKind = LineKind.GOODS
    discount: Money | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """Shipping, handling, a fee, gift wrap: money on the order that is no item.

    `name` is the key in the freight crosswalk; `expense` is the books' own number of it, which
    counts where the crosswalk has none.
    """

    name: str
    net: Money
    tax: Tax
    gross: Money
    expense: int | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the total that is neither line nor charge, as the shop names it: cash_rounding."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Tender:
    """A part of the total paid with value the shop owes: gift certificate, store credit."""

    method: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an order asks of its document beyond the sale, in the books' own codes.

    `reference_field` is a field of the books that is to carry the order's number as well.
    """

    due_on: date | None = None
    transport: int | None = None
    payment_method: str = ""
    contact: int | None = None
    reference_field: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One order, with the totals the shop itself states; `charge_total` is net of tax.

    `noted` is what stands where the books' number belongs; None when the shop has no such place.
    `content` is a digest of what the shop says of the order as a whole, `noted` aside.
    `rewritten`: each version was written as a whole by somebody who means all of it, so that the
    head of a document follows as its rows do.
    """

    ref: Ref
    number: str
    state: OrderState
    placed_at: datetime
    modified_at: datetime
    currency: str
    prices_include_tax: bool
    customer: Customer
    billing: Address
    shipping: Address
    lines: tuple[OrderLine, ...]
    charges: tuple[Charge, ...]
    total: Money
    tax_total: Money
    charge_total: Money
    payment_method: str = ""
    tenders: tuple[Tender, ...] = ()
    comment: str = ""
    noted: str | None = None
    content: str = ""
    rate: ShopRate | None = None
    components: tuple[Component, ...] = ()
    wishes: Wishes = Wishes()
    rewritten: bool = False

    @property
    def version(self) -> str:
        """Changes whenever the shop changed the order."""
        return version_of(self.modified_at, self.content)


def version_of(modified_at: datetime, content: str) -> str:
    """Name a version of an order; a second is long, so what it says has a part in it."""
    return f"{modified_at.isoformat()} {content}".rstrip()


def only_touched(before: str, after: str) -> bool:
    """Tell whether of two versions nothing but the moment differs, as after a note of ours."""
    _, _, content = before.partition(" ")
    return bool(content) and after.endswith(f" {content}")


def is_called_off(order: Order) -> bool:
    """Tell whether the shop has taken the sale back; what was refunded was a sale."""
    return order.state in {OrderState.CANCELLED, OrderState.UNPAID_CART}


_NO_SALE = {
    OrderState.UNPAID_CART: "is a cart that was never paid",
    OrderState.CANCELLED: "was cancelled before it was posted",
}


def why_no_sale(order: Order, *, post_zero_orders: bool) -> str:
    """Return why the books need no document for an order, or nothing when they need one."""
    if order.state in _NO_SALE:
        return f"order {order.number} {_NO_SALE[order.state]}"
    if order.total or post_zero_orders:
        return ""
    return f"order {order.number} comes to {order.total} and free orders are not posted"


def sold_lines(order: Order) -> tuple[OrderLine, ...]:
    """Leave out removed lines, which shops keep with quantity and amount zero (storefronts 35).

    Raises NeedsOperator (BAD_QUANTITY) for a quantity that nothing can be delivered of,
    and NO_LINES when nothing is left.
    """
    for line in order.lines:
        if line.quantity < 0 or (not line.quantity and line.gross):
            raise _bad_quantity(order, line)
    sold = tuple(line for line in order.lines if line.quantity)
    if not sold:
        msg = (
            f"{order.ref}: order {order.number} comes to {order.total} and sells nothing: "
            "all its lines were removed or have quantity 0"
        )
        fix = "add the missing lines in the shop and retry, or ignore the case with a reason"
        raise NeedsOperator(msg, reason="NO_LINES", fix=fix)
    return sold


def _bad_quantity(order: Order, line: OrderLine) -> NeedsOperator:
    named = line.sku if line.name in {"", line.sku} else f"{line.sku} {line.name}".strip()
    msg = (
        f"{order.ref}: line {line.id} ({named}) sells {line.quantity:f} for {line.gross}, "
        "which is no sale"
    )
    fix = (
        "correct the line in the shop and retry the case; for goods that came back, "
        "post a credit memo in the books and ignore the case"
    )
    return NeedsOperator(msg, reason="BAD_QUANTITY", fix=fix)
