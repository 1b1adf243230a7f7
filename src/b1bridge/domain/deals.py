"""A deal as an order: which deals count, what they sell, and what of them the books follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.crm import Deal, DealLine, DealStatus, Glance, TaxMethod, content_hash
from b1bridge.domain.crm_fields import ORDER
from b1bridge.domain.crm_profiles import ItemTax
from b1bridge.domain.customers import Address, Customer
from b1bridge.domain.documents import CompanyRules
from b1bridge.domain.identity import Ref
from b1bridge.domain.money import Money, decimals_of
from b1bridge.domain.open_taxes import TaxedRow, taxes_of
from b1bridge.domain.orders import Order, OrderLine, OrderState, Tax, version_of
from b1bridge.domain.tax import net_of
from b1bridge.errors import NeedsOperator

WON = "won"
_CONTENT = 16  # characters of a digest that tell two versions of one deal apart


class Sale(StrEnum):
    """What a deal means to the books."""

    WAITS = "waits"
    SOLD = "sold"
    CALLED_OFF = "called off"


@dataclass(frozen=True, kw_only=True)
class DealPolicy:
    """When a deal is a sale: `on` is "won", or the name of the stage from which it is one."""

    on: str = WON


def sale_of(deal: Deal, policy: DealPolicy) -> Sale:
    """Tell whether a deal is a sale; one that was reopened waits, and is not called off."""
    if deal.status in {DealStatus.LOST, DealStatus.DELETED}:
        return Sale.CALLED_OFF
    staged = policy.on != WON and deal.stage == policy.on
    return Sale.SOLD if deal.status is DealStatus.WON or staged else Sale.WAITS


def deal_version(deal: Deal, policy: DealPolicy) -> str:
    """Name a version of a deal by what the books keep of it; our own notes on it are no change.

    It reads "MOMENT DIGEST.CONTENT", so that a glance, which shows the first two, knows it again.
    """
    said = content_hash(
        sale_of(deal, policy), deal.currency, deal.organization, deal.organization_key, deal.lines
    )
    return version_of(deal.updated_at, f"{deal.digest}.{said[:_CONTENT]}")


def gone_deal(ref: Ref, currency: str, moment: datetime) -> Deal:
    """Write a deal of which nothing is left as one that was deleted."""
    return Deal(
        ref=ref,
        title="",
        status=DealStatus.DELETED,
        stage="",
        currency=currency,
        value=Money.zero(currency),
        organization="",
        organization_key="",
        organization_name="",
        person="",
        lines=(),
        updated_at=moment,
    )


def is_known(seen: str, glance: Glance | None) -> bool:
    """Tell whether a glance shows the deal as it was when this version of it was dealt with."""
    return glance is not None and seen.startswith(
        f"{version_of(glance.updated_at, glance.digest)}."
    )


def same_sale(seen: str, version: str) -> bool:
    """Tell whether two versions of a deal are the same to the books."""
    content = version.rpartition(".")[2]
    return seen.rpartition(".")[2] == content


def order_from(
    deal: Deal,
    policy: DealPolicy,
    customer: Customer,
    taxes: Mapping[str, ItemTax],
    rules: CompanyRules,
) -> Order:
    """Write a deal as an order; `taxes` are by product key, of the items that have a tax code.

    Nothing was charged yet, so the totals are what the books will come to. Raises NeedsOperator
    (DEAL_DISCOUNT) for a line that takes off more than it sells for.
    """
    called_off = sale_of(deal, policy) is Sale.CALLED_OFF
    sold = () if called_off else deal.lines
    gross = bool(sold) and all(_is_gross(line) for line in sold)
    rows = [_row(deal, line, taxes.get(line.item), gross=gross) for line in sold]
    worked_out = taxes_of([row for row, _ in rows], gross=gross, by_row=rules.tax_by_row)
    lines = [
        _line(line, row, tax, gross=gross, of_books=own)
        for line, (row, own), tax in zip(sold, rows, worked_out, strict=True)
    ]
    return Order(
        ref=deal.ref,
        number=deal.ref.id,
        state=OrderState.CANCELLED if called_off else OrderState.OPEN,
        placed_at=deal.won_at or deal.updated_at,
        modified_at=deal.updated_at,
        currency=deal.currency,
        prices_include_tax=gross,
        customer=customer,
        billing=Address(),
        shipping=Address(),
        lines=tuple(lines),
        charges=(),
        total=Money.sum((line.gross for line in lines), deal.currency),
        tax_total=Money.sum((line.tax.amount for line in lines), deal.currency),
        charge_total=Money.zero(deal.currency),
        comment=deal.title,
        noted=str(deal.noted.get(ORDER) or ""),
        content=deal_version(deal, policy).partition(" ")[2],
    )


def value_note(deal: Deal, order: Order) -> str:
    """Say where its order comes to another sum than the deal shows; empty where they agree.

    People may set a deal's value by hand, and tell another tax than the books have.
    """
    if deal.value == order.total:
        return ""
    return f"the deal shows {deal.value}, its order comes to {order.total} (DEAL_VALUE)"


def items_of(lines: Sequence[DealLine]) -> set[str]:
    """Return the keys of the products of a deal; those of other hands have none."""
    return {line.item for line in lines if line.item}


def _is_gross(line: DealLine) -> bool:
    return line.tax_method is TaxMethod.INCLUSIVE


def _row(deal: Deal, line: DealLine, item: ItemTax | None, *, gross: bool) -> tuple[TaxedRow, bool]:
    """Return the amount with its tax, and whether the code is the books' own.

    The item's own code stands where the deal leaves the tax open, or says the same rate.
    """
    open_tax = line.tax_method is TaxMethod.NONE
    own = item if item and (open_tax or item.rate == line.tax) else None
    rate = own.rate if own else Decimal(0) if open_tax else line.tax
    amount = _amount(deal, line)
    if _is_gross(line) and not gross:
        net = net_of(amount.amount, rate, decimals_of(amount.currency))
        amount = Money(net, amount.currency)
    return TaxedRow(amount, own.code if own else "", rate), own is not None


def _amount(deal: Deal, line: DealLine) -> Money:
    whole = Money(line.quantity * line.price.amount, deal.currency)
    amount = (whole - line.discount).rounded()
    if line.quantity > 0 and amount.amount < 0:
        msg = (
            f"{deal.ref}: {line.name} sells for {whole.rounded()} and takes {line.discount} off it"
        )
        fix = "correct the discount in the deal; the case goes on by itself once it is read again"
        raise NeedsOperator(msg, reason="DEAL_DISCOUNT", fix=fix)
    return amount


def _line(line: DealLine, row: TaxedRow, tax: Money, *, gross: bool, of_books: bool) -> OrderLine:
    net = row.amount - tax if gross else row.amount
    inside = Tax(row.code, row.rate, tax, of_books=of_books)
    return OrderLine(line.id, line.item, line.name, line.quantity, net, inside, net + tax)


def no_organization(deal: Deal) -> NeedsOperator:
    """Say that nobody knows for whom a deal is."""
    msg = f"{deal.ref}: deal {deal.ref.id} '{deal.title}' has no organization to sell to"
    fix = "choose an organization in the deal, then retry the case"
    return NeedsOperator(msg, reason="NO_ORGANIZATION", fix=fix)


def unlinked_organization(deal: Deal) -> NeedsOperator:
    """Say that the organization of a deal stands for no customer."""
    msg = (
        f"{deal.ref}: organization {deal.organization} '{deal.organization_name}' stands for no "
        "customer of the books"
    )
    fix = (
        "enter the customer's code in the organization's custom field, then open the customer with "
        "that code in the books where it is new; or let the sync open customers "
        "(create_partner); then retry the case"
    )
    return NeedsOperator(msg, reason="ORGANIZATION_UNLINKED", fix=fix)
