"""Compares an order with the sales documents that carry its reference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from b1bridge.domain.claims import owed
from b1bridge.domain.differences import (
    SALES_FLOWS,
    Difference,
    Kind,
    OrderStory,
    Owner,
    View,
)
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.ledger import LedgerDocument, OrderSummary
from b1bridge.domain.money import Money
from b1bridge.domain.orders import OrderState
from b1bridge.domain.standing import REVISION, revision_of


def standing(story: OrderStory, kind: DocumentKind) -> list[LedgerDocument]:
    """Return the documents of a kind in force, without what was entered a second time.

    Memos that give back what was paid in advance are none of what was sold.
    """
    found: dict[str, LedgerDocument] = {}
    for one in story.documents:
        if one.kind is kind and not one.cancelled and not one.of_prepaid:
            found.setdefault(one.reference, one)
    return list(found.values())


def main_documents(story: OrderStory) -> list[LedgerDocument]:
    """Return the invoices in force, or the sales orders while there is no invoice."""
    return standing(story, DocumentKind.INVOICE) or standing(story, DocumentKind.SALES_ORDER)


def net_booked(story: OrderStory) -> Money | None:
    """Return invoices less credit memos, or None of an order that has no invoice yet."""
    invoices = standing(story, DocumentKind.INVOICE)
    if not invoices:
        return None
    memos = standing(story, DocumentKind.CREDIT_MEMO)
    currency = invoices[0].total.currency
    invoiced = Money.sum((one.total for one in invoices), currency)
    return invoiced - Money.sum((one.total for one in memos), currency)


def still_owed(story: OrderStory) -> Money | None:
    """Return what the documents must come to, or None where the shop has not been asked."""
    summary = story.summary
    if summary is None:
        return None
    total = summary.total
    if summary.state in {OrderState.CANCELLED, OrderState.UNPAID_CART}:
        total = Money.zero(total.currency)
    received, returned = received_of(story), returned_of(story)
    if received is None or returned is None:
        return total if total == summary.total else None
    return owed(total, received, returned)


def received_of(story: OrderStory) -> Money | None:
    """Return the money that was captured, as closely as the shop has been asked."""
    if story.summary is None or story.captured is None:
        return story.summary.received if story.summary else None
    return Money.sum((one.amount for one in story.captured), story.summary.total.currency)


def returned_of(story: OrderStory) -> Money | None:
    """Return the money that went back, as closely as the shop has been asked."""
    if story.summary is None or story.refunds is None:
        return story.summary.returned if story.summary else None
    return Money.sum((one.returned for one in story.refunds), story.summary.total.currency)


def document_differences(story: OrderStory, view: View) -> Iterator[Difference]:
    """Name what is doubled, off, taxed otherwise or dated otherwise; refunds are judged apart."""
    summary = story.summary
    assert summary is not None, "the caller has looked"  # noqa: S101 - narrows the type
    yield from _doubled(story)
    codes, total = list(_codes(story, view)), list(_total(story, summary, view))
    tax = list(_tax(story, summary, view))
    if total and tax:
        # Where both are off alike the tax is what is wrong; otherwise it follows from the total.
        total, tax = ([], tax) if total[0].off == tax[0].off else (total, [])
    yield from codes or tax
    yield from total
    yield from _date(story, summary, view)


def _doubled(story: OrderStory) -> Iterator[Difference]:
    groups: dict[tuple[DocumentKind, str], list[LedgerDocument]] = defaultdict(list)
    for one in story.documents:
        if not one.cancelled and one.kind is not DocumentKind.DELIVERY:
            groups[one.kind, one.reference].append(one)
    for (kind, reference), found in groups.items():
        if len(found) > 1:
            numbers = " and ".join(str(one.posted.number) for one in found)
            yield Difference(
                kind=Kind.DOUBLED_DOCUMENT,
                order=story.ref,
                message=f"{kind}s {numbers} carry the same reference {reference}",
                owner=Owner.FINANCE,
                fix=f"cancel all but {kind} {found[0].posted.number} in the books",
                shop=found[0].total,
                books=Money.sum((one.total for one in found), found[0].total.currency),
                documents=tuple(one.posted for one in found),
            )


def _total(story: OrderStory, summary: OrderSummary, view: View) -> Iterator[Difference]:
    expected, booked = still_owed(story), net_booked(story)
    if refunds_have_memos(story):
        return
    main = main_documents(story)
    if booked is None:  # a sales order shows what was ordered; refunds do not change it
        expected, booked = (
            _ordered(summary),
            Money.sum((d.total for d in main), main[0].total.currency),
        )
    if expected is None or booked.currency != expected.currency or booked == expected:
        return
    yield Difference(
        kind=Kind.TOTAL_OFF,
        order=story.ref,
        message=f"order {summary.number} owes {expected}, its documents come to {booked}",
        owner=Owner.FINANCE,
        fix=view.start("order-to-", story.ref),
        shop=expected,
        books=booked,
        documents=tuple(one.posted for one in _of_order(story, main)),
        explained=view.why_not_yet(story, *SALES_FLOWS),
    )


def refunds_have_memos(story: OrderStory) -> bool:
    """Tell whether memos for refunds have a say in the total, which refunds are judged by."""
    memos = (one for one in story.documents if one.kind is DocumentKind.CREDIT_MEMO)
    return bool(returned_of(story)) or any(not is_of_order(one, story) for one in memos)


def is_of_order(document: LedgerDocument, story: OrderStory) -> bool:
    """Tell whether a document carries the order's own reference or that of a change to it."""
    reference = str(story.ref)
    rest = document.reference.removeprefix(f"{reference}{REVISION}")
    return document.reference == reference or rest.isdecimal()


def _of_order(story: OrderStory, main: list[LedgerDocument]) -> list[LedgerDocument]:
    memos = [one for one in standing(story, DocumentKind.CREDIT_MEMO) if is_of_order(one, story)]
    return [*main, *memos]


def _ordered(summary: OrderSummary) -> Money | None:
    off = {OrderState.CANCELLED, OrderState.UNPAID_CART}
    return None if summary.state in off else summary.total


def _tax(story: OrderStory, summary: OrderSummary, view: View) -> Iterator[Difference]:
    """Compare the tax of an order that nothing was given back of; memos follow other rules."""
    if refunds_have_memos(story) or _ordered(summary) is None:
        return
    main = main_documents(story)
    documents = _of_order(story, main)
    booked = Money.sum((_signed(one) for one in documents), summary.tax.currency)
    if any(one.tax.currency != summary.tax.currency for one in documents):
        return
    if abs(booked - summary.tax).amount <= view.tax_tolerance:
        return
    yield Difference(
        kind=Kind.TAX_OFF,
        order=story.ref,
        message=f"order {summary.number} holds {summary.tax} tax, the books {booked} "
        f"({_by_code(documents)})",
        owner=Owner.FINANCE,
        fix="correct the tax crosswalk, cancel the document in the books, then "
        + view.start("order-to-", story.ref),
        shop=summary.tax,
        books=booked,
        documents=tuple(one.posted for one in documents),
        explained=view.why_not_yet(story, *SALES_FLOWS),
    )


def _signed(document: LedgerDocument) -> Money:
    return -document.tax if document.kind is DocumentKind.CREDIT_MEMO else document.tax


def _by_code(documents: Iterable[LedgerDocument]) -> str:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in documents:
        sign = -1 if one.kind is DocumentKind.CREDIT_MEMO else 1
        for tax in one.taxes:
            sums[tax.code] += sign * tax.tax.amount
    return ", ".join(f"{code} {amount:.2f}" for code, amount in sorted(sums.items()))


def _codes(story: OrderStory, view: View) -> Iterator[Difference]:
    if not view.tax_codes:
        return
    for one in story.documents:
        strange = sorted({t.code for t in one.taxes if t.code} - view.tax_codes)
        if one.cancelled or not strange:
            continue
        yield Difference(
            kind=Kind.TAX_CODE,
            order=story.ref,
            message=f"{one.kind} {one.posted.number} uses tax code {', '.join(strange)}, "
            "which the tax crosswalk leads nowhere to",
            owner=Owner.FINANCE,
            fix="cancel it in the books and post it anew: " + view.start("order-to-", story.ref),
            books=one.tax,
            documents=(one.posted,),
        )


def _date(story: OrderStory, summary: OrderSummary, view: View) -> Iterator[Difference]:
    for one in main_documents(story):
        placed = view.day_of(summary.placed_at)
        same_month = (one.posted_on.year, one.posted_on.month) == (placed.year, placed.month)
        if revision_of(one.reference) or same_month:
            continue
        yield Difference(
            kind=Kind.DATE_MOVED,
            order=story.ref,
            message=f"order {summary.number} was placed on {placed}, "
            f"{one.kind} {one.posted.number} is dated {one.posted_on}",
            owner=Owner.FINANCE,
            fix="agree on the month with finance; it stands in the cut-off list of both",
            shop=summary.total,
            books=one.total,
            documents=(one.posted,),
            explained="the sync moves dates out of locked periods" if view.moves_dates else "",
        )
