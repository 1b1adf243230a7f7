"""An order written as the sales document that the books will keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from b1bridge.domain.addresses import normalised_address, with_codes
from b1bridge.domain.documents import (
    CompanyRules,
    DocumentKind,
    DocumentLine,
    Expense,
    Item,
    SalesDocument,
    Totals,
)
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.items import is_item, sku_of
from b1bridge.domain.kit_rows import rows_of_kit
from b1bridge.domain.kits import Kit
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Charge, Order, OrderLine, Tax, sold_lines
from b1bridge.domain.periods import PeriodPolicy
from b1bridge.domain.rates import RatePolicy, rate_of
from b1bridge.domain.text import single_line
from b1bridge.domain.units import Unit
from b1bridge.errors import NeedsOperator, Unmapped


@dataclass(frozen=True, kw_only=True)
class Terms(RatePolicy, PeriodPolicy):
    """What a sync declares about the documents it makes.

    `warehouse` overrides each item's own; `currencies` are those allowed besides the
    company's local one; `price_parts` lets the parts of a sales kit bear its price.
    """

    warehouse: str = ""
    due_days: int = 0
    currencies: tuple[str, ...] = ()
    price_parts: bool = False


@dataclass(frozen=True, slots=True)
class Codes:
    """The crosswalks that a document is written with."""

    tax: Crosswalk
    freight: Crosswalk
    sku: Crosswalk
    state: Crosswalk = field(default_factory=lambda: Crosswalk("state"))
    country: Crosswalk = field(default_factory=lambda: Crosswalk("country"))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the books say of themselves and of the items that one order needs.

    Items and units are by SKU, kits by the code of their item.
    """

    rules: CompanyRules
    items: Mapping[str, Item]
    units: Mapping[str, Unit] = field(default_factory=dict)
    kits: Mapping[str, Kit] = field(default_factory=dict)


def document_for(
    order: Order,
    kind: DocumentKind,
    ledger: Ledger,
    codes: Codes,
    terms: Terms,
    *,
    reserve: bool = False,
) -> SalesDocument:
    """Write the order as a document: the shop's amounts, the books' codes, rounding zero.

    The business partner stays open: an order that cannot be posted must not open an account.
    """
    sold = sold_lines(order)
    lines = _item_lines(order, sold, codes)
    rows = (_line(order, line, ledger, codes, terms) for line in lines)
    moves = kind is DocumentKind.INVOICE and not reserve
    head = without_rows(order, kind, ledger.rules, terms)
    return replace(
        head,
        ship_to=with_codes(head.ship_to, codes.state, codes.country),
        bill_to=with_codes(head.bill_to, codes.state, codes.country),
        lines=tuple(one for row in rows for one in _with_parts(row, ledger, terms, moves=moves)),
        expenses=_expenses(order, sold, codes),
        reserve=reserve,
    )


def without_rows(
    order: Order, kind: DocumentKind, rules: CompanyRules, terms: Terms
) -> SalesDocument:
    """Write all of a document but what it sells, which is nothing once an order is called off."""
    check_currency(order, rules, terms)
    posted_on = rules.day_of(order.placed_at)
    return SalesDocument(
        kind=kind,
        reference=str(order.ref),
        business_partner="",
        posted_on=posted_on,
        due_on=order.wishes.due_on or posted_on + timedelta(days=terms.due_days),
        currency=order.currency,
        gross=order.prices_include_tax,
        lines=(),
        expenses=(),
        rounding=Money.zero(order.currency),
        ship_to=normalised_address(order.shipping),
        bill_to=normalised_address(order.billing),
        comments=single_line(f"Order {order.number}. {order.comment}"),
        tax_by_row=rules.tax_by_row,
        rate=rate_of(f"{order.ref}", order.currency, order.rate, rules, terms),
        transport=order.wishes.transport,
        payment_method=order.wishes.payment_method,
        contact=order.wishes.contact,
        also_carried=also_carried(order),
    )


def also_carried(order: Order) -> tuple[str, str] | None:
    """Return the field of the books that takes the order's number as well, and the number."""
    field = order.wishes.reference_field
    return (field, order.number) if field else None


def charged_totals(order: Order, codes: Codes) -> Totals:
    """Return what the shop charged, with every line that is no item counted as freight."""
    others = [line for line in order.lines if not is_item(line, codes.sku)]
    parts: tuple[OrderLine | Charge, ...] = (*order.charges, *others)
    freight = Money.sum((part.net for part in parts), order.currency)
    return Totals(total=order.total, tax=order.tax_total, freight=freight)


def check_currency(order: Order, rules: CompanyRules, terms: Terms) -> None:
    """Raise NeedsOperator (CURRENCY) unless documents may be in the order's currency."""
    if order.currency in {rules.local_currency, *terms.currencies}:
        return
    msg = f"{order.ref} is in {order.currency}, the company counts in {rules.local_currency}"
    fix = f"allow {order.currency} in the sync's currencies, or let the shop charge another"
    raise NeedsOperator(msg, reason="CURRENCY", fix=fix)


def tax_code(tax: Tax, crosswalk: Crosswalk, record: str) -> str:
    """Return the books' tax code: by the shop's name for the tax, else by its rate ("20")."""
    if tax.of_books:
        return tax.code
    return crosswalk.find(tax.code) or crosswalk.get(f"{tax.rate.normalize():f}", record=record)


def _item_lines(order: Order, sold: tuple[OrderLine, ...], codes: Codes) -> list[OrderLine]:
    lines = [line for line in sold if is_item(line, codes.sku)]
    if lines:
        return lines
    msg = f"{order.ref} holds nothing but gift certificates, and a document needs an item"
    fix = f"enter an item for '{sold[0].kind.value}' in the sku crosswalk, then retry the case"
    raise NeedsOperator(msg, reason="NO_LINES", fix=fix)


def _line(
    order: Order, line: OrderLine, ledger: Ledger, codes: Codes, terms: Terms
) -> DocumentLine:
    item = ledger.items[sku_of(line)]
    return DocumentLine(
        item=item.code,
        description=single_line(line.name),
        quantity=line.quantity,
        amount=line.gross if order.prices_include_tax else line.net,
        tax_code=tax_code(line.tax, codes.tax, f"{order.ref} line {line.id}"),
        tax_rate=line.tax.rate,
        warehouse=terms.warehouse or item.default_warehouse,
        unit=ledger.units.get(sku_of(line)),
        takes_batches=item.batch_managed,
    )


def _with_parts(
    row: DocumentLine, ledger: Ledger, terms: Terms, *, moves: bool
) -> tuple[DocumentLine, ...]:
    """Write out the parts of a kit where they bear its price; only what moves takes batches."""
    row = replace(row, takes_batches=row.takes_batches and moves)
    kit = ledger.kits.get(row.item)
    if kit is None:
        return (row,)
    return rows_of_kit(row, kit, price_parts=terms.price_parts, warehouse=terms.warehouse)


def _expenses(order: Order, sold: tuple[OrderLine, ...], codes: Codes) -> tuple[Expense, ...]:
    certificates = (
        Charge(line.kind.value, line.net, line.tax, line.gross)
        for line in sold
        if not is_item(line, codes.sku)
    )
    charges = (*order.charges, *certificates)
    return tuple(_expense(order, charge, codes) for charge in charges if charge.gross)


def _expense(order: Order, charge: Charge, codes: Codes) -> Expense:
    record = f"{order.ref} charge"
    return Expense(
        code=_expense_code(charge, codes.freight, record),
        amount=charge.gross if order.prices_include_tax else charge.net,
        tax_code=tax_code(charge.tax, codes.tax, f"{record} '{charge.name}'"),
        tax_rate=charge.tax.rate,
        remarks=single_line(charge.name),
    )


def _expense_code(charge: Charge, freight: Crosswalk, record: str) -> int:
    code = freight.nearest(charge.name)
    if code is None and charge.expense is not None:
        return charge.expense
    code = code or freight.get(charge.name, record=record)
    if code.isdecimal():
        return int(code)
    msg = (
        f"{record}: '{charge.name}' is '{code}' in the freight crosswalk, which is no expense code"
    )
    raise Unmapped(msg, reason="FREIGHT_MAP", fix="enter the number of the expense, then retry")
