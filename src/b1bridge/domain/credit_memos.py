"""A refund written as the credit memo that the books will keep, and the proof that it is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from b1bridge.domain.documents import (
    CompanyRules,
    DocumentKind,
    DocumentLine,
    Item,
    SalesDocument,
    Totals,
)
from b1bridge.domain.identity import Crosswalk
from b1bridge.domain.items import is_item
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Charge, Order, OrderLine
from b1bridge.domain.proof import Tolerance
from b1bridge.domain.rates import RatePolicy
from b1bridge.domain.refunded_orders import goodwill_tax, untold_tax
from b1bridge.domain.refunded_sales import RefundedSale
from b1bridge.domain.refunds import Refund
from b1bridge.domain.sales_documents import (
    Codes,
    Ledger,
    Terms,
    document_for,
    tax_code,
    without_rows,
)
from b1bridge.domain.taking_back import rows_taken_back
from b1bridge.domain.text import single_line
from b1bridge.errors import Mismatch, NeedsOperator, Unmapped


class Restock(StrEnum):
    """Whether refunded goods count as back in stock, where the shop does not say."""

    RETURN = "return"
    NO_RESTOCK = "no_restock"


@dataclass(frozen=True, kw_only=True)
class ReturnPolicy(RatePolicy):
    """What becomes of refunded goods; without `return_warehouse` they go back where they were.

    `price_parts` as the sync of the orders has it.
    """

    restock: Restock = Restock.RETURN
    return_warehouse: str = ""
    price_parts: bool = False

    def comes_back(self, refund: Refund) -> bool:
        """Tell whether the goods of a refund are put into stock again."""
        if refund.restocked is None:
            return self.restock is Restock.RETURN
        return refund.restocked


def sells_items(part: Order, sku: Crosswalk) -> bool:
    """Tell whether a memo has rows of items; without any it is one of services."""
    return any(is_item(line, sku) for line in part.lines)


def item_memo(
    part: Order, ledger: Ledger, codes: Codes, sale: RefundedSale, policy: ReturnPolicy
) -> SalesDocument:
    """Write a memo of goods; charges and deductions beside them are freight.

    Without a warehouse for returns the goods go where an invoice took them from. Its rows are
    drawn from the invoice only while nothing was captured: SAP refuses that of a paid one (9.2).
    """
    document = document_for(part, DocumentKind.CREDIT_MEMO, ledger, codes, _terms(part, policy))
    taken_from = {row.item: row.warehouse for invoice in sale.invoices for row in invoice.rows}
    taken = (
        replace(
            line, warehouse=policy.return_warehouse or taken_from.get(line.item) or line.warehouse
        )
        for line in document.lines
    )
    memos = (*sale.changes, *sale.memos)
    lines = rows_taken_back(taken, sale.invoices, memos, by_row=not sale.received)
    return replace(document, lines=lines)


def service_memo(
    part: Order, rules: CompanyRules, codes: Codes, accounts: Crosswalk, policy: ReturnPolicy
) -> SalesDocument:
    """Write a memo without goods: each amount on the account entered for it in `accounts`."""
    amounts = (*(_as_charge(line) for line in part.lines), *part.charges)
    return replace(
        without_rows(part, DocumentKind.CREDIT_MEMO, rules, _terms(part, policy)),
        lines=tuple(_service(part, charge, codes, accounts) for charge in amounts),
    )


def without_movement(document: SalesDocument) -> SalesDocument:
    """Credit the value and leave stock alone (correctness-rules 3.5 rule 2)."""
    return replace(
        document, lines=tuple(replace(line, moves_stock=False) for line in document.lines)
    )


def credited_totals(part: Order, document: SalesDocument, codes: Codes) -> Totals:
    """Return what the memo must come to: the money that went back, its tax, its freight."""
    freight = Money.zero(part.currency)
    if document.expenses:
        others = (line.net for line in part.lines if not is_item(line, codes.sku))
        freight = Money.sum((*others, *(c.net for c in part.charges)), part.currency)
    return Totals(total=part.total, tax=part.tax_total, freight=freight)


def check_explained(part: Order, refund: Refund, tolerance: Tolerance) -> None:
    """Raise Mismatch unless the parts of a refund come to the money that went back."""
    explained = _worth(part)
    if abs(explained - part.total).amount <= _allowed(part, tolerance):
        return
    msg = (
        f"{refund.ref} gave back {part.total}, its parts come to {explained}; "
        f"nothing says why {part.total - explained} differ"
    )
    fix = (
        "name the reason in the shop (restocking, damage, shipping, goodwill), or post the credit "
        f"memo by hand with reference {refund.ref}; then retry the case"
    )
    raise Mismatch(msg, fix=fix)


def went_back_before(
    part: Order, refund: Refund, sale: RefundedSale, tolerance: Tolerance
) -> Money:
    """Return how much of a refund's parts went back before, so that less than they came to did.

    Only a refund after which nothing is left of what was received by then is cut like that.
    """
    left = sale.received_by(refund.made_at)
    for one in sale.refunds:
        if one.made_at <= refund.made_at:
            left -= one.returned + one.pending
    short = _worth(part) - part.total
    cut = sale.received and not left and short.amount > _allowed(part, tolerance)
    return short if cut else Money.zero(part.currency)


def tax_note(part: Order, refund: Refund, tolerance: Tolerance) -> str:
    """Return what to tell of a refund whose tax the shop does not state; Mismatch if it errs."""
    by_policy = goodwill_tax(part)
    allowed = _allowed(part, tolerance)
    if abs(untold_tax(part, refund)).amount > allowed:
        raise _other_tax(part, refund)
    stated = refund.tax and abs(part.tax_total - refund.tax).amount <= allowed
    if stated or not by_policy:
        return ""
    return f"the shop states no tax for goodwill; {by_policy} by the rates of the order"


def check_returnable(part: Order, items: Iterable[Item]) -> None:
    """Raise NeedsOperator (BATCH_NEEDED) for goods that come back under a number of their own."""
    numbered = sorted(item.code for item in items if item.batch_managed or item.serial_managed)
    if numbered:
        msg = f"{part.ref}: {', '.join(numbered)}: managed by batch or serial number"
        fix = (
            f"post the credit memo by hand with its batches and reference {part.ref}, or set "
            "restock to no_restock; then retry the case"
        )
        raise NeedsOperator(msg, reason="BATCH_NEEDED", fix=fix)


def _worth(part: Order) -> Money:
    parts: tuple[OrderLine | Charge, ...] = (*part.lines, *part.charges)
    return Money.sum((one.gross for one in parts), part.currency)


def _allowed(part: Order, tolerance: Tolerance) -> Decimal:
    return tolerance.allowed(len(part.lines) + len(part.charges))


def _terms(part: Order, policy: ReturnPolicy) -> Terms:
    """Allow the currency of the order, whose invoice stands already."""
    parts, rate = policy.price_parts, policy.shop_rate
    return Terms(currencies=(part.currency,), shop_rate=rate, price_parts=parts)


def _other_tax(part: Order, refund: Refund) -> Mismatch:
    msg = f"{refund.ref}: the shop states tax of {refund.tax}, its parts hold {part.tax_total}"
    fix = (
        f"correct the refund in the shop, or post the credit memo by hand with reference "
        f"{refund.ref}; then retry the case"
    )
    return Mismatch(msg, fix=fix)


def _as_charge(line: OrderLine) -> Charge:
    return Charge(line.kind.value, line.net, line.tax, line.gross)


def _service(part: Order, charge: Charge, codes: Codes, accounts: Crosswalk) -> DocumentLine:
    record = f"{part.ref} '{charge.name}'"
    return DocumentLine(
        item="",
        description=single_line(charge.name),
        quantity=Decimal(1),
        amount=charge.gross if part.prices_include_tax else charge.net,
        tax_code=tax_code(charge.tax, codes.tax, record),
        tax_rate=charge.tax.rate,
        warehouse="",
        account=_account(part, charge, accounts),
    )


def _account(part: Order, charge: Charge, accounts: Crosswalk) -> str:
    found = accounts.nearest(charge.name)
    if found:
        return found
    msg = f"{part.ref}: '{charge.name}' without goods has no entry in the {accounts.name} crosswalk"
    fix = f"enter the account of '{charge.name}' there, then retry the case"
    raise Unmapped(msg, reason="REFUND_ACCOUNT_MAP", fix=fix)
