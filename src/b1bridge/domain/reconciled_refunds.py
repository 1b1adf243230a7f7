"""Compares the refunds of an order with its credit memos and with the money that went out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from b1bridge.domain.differences import (
    REFUND_FLOWS,
    Difference,
    Kind,
    OrderStory,
    Owner,
    View,
)
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.ledger import LedgerDocument, LedgerPayment, PaymentKind
from b1bridge.domain.money import Money
from b1bridge.domain.reconciled_documents import (
    is_of_order,
    main_documents,
    net_booked,
    refunds_have_memos,
    standing,
    still_owed,
)
from b1bridge.domain.refunds import Refund
from b1bridge.domain.standing import base_reference


def refund_differences(story: OrderStory, view: View) -> Iterator[Difference]:
    """Name memos and outgoing payments that are missing, strange or off."""
    if story.refunds is None:
        return
    memos = list(_memos(story, view)) if refunds_have_memos(story) else []
    yield from memos
    # What goes out settles memos: where these are not right, it cannot be right either.
    if not memos:
        yield from _money(story, view)


def _memos(story: OrderStory, view: View) -> Iterator[Difference]:
    """Walk the refunds until what the books are off by is explained; the rest is the order's."""
    booked, expected = net_booked(story), still_owed(story)
    if booked is None or expected is None or booked.currency != expected.currency:
        return
    off = booked - expected
    memos = {
        one.reference: one
        for one in standing(story, DocumentKind.CREDIT_MEMO)
        if not is_of_order(one, story)
    }
    known = {str(refund.ref): refund for refund in story.refunds or ()}
    for reference, memo in memos.items():
        if base_reference(reference) not in known:
            off += memo.total
            yield _unknown(story, memo)
    for reference, refund in known.items():
        found = memos.get(reference)
        of_it = (one.total for name, one in memos.items() if base_reference(name) == reference)
        credited = Money.sum(of_it, off.currency)
        short = refund.returned - credited
        if not off or not short:
            continue
        # An edit may have credited a part already, so no more is missing than the books are off.
        part = short if found else min(short, off, key=_amount)
        if part:
            off -= part
            yield _memo(story, view, refund, found, credited + part)
    if off:
        yield _total(story, view, expected, expected + off)


def _amount(money: Money) -> Decimal:
    return money.amount


def _unknown(story: OrderStory, memo: LedgerDocument) -> Difference:
    return Difference(
        kind=Kind.MEMO_UNKNOWN,
        order=story.ref,
        message=f"credit memo {memo.posted.number} over {memo.total} carries {memo.reference}, "
        "and the shop has no such refund",
        owner=Owner.FINANCE,
        fix="cancel the memo in the books, or refund the money in the shop",
        shop=Money.zero(memo.total.currency),
        books=memo.total,
        documents=(memo.posted,),
    )


def _memo(
    story: OrderStory, view: View, refund: Refund, found: LedgerDocument | None, wanted: Money
) -> Difference:
    reference = str(refund.ref)
    gone = [
        one
        for one in story.documents
        if one.kind is DocumentKind.CREDIT_MEMO and one.cancelled and one.reference == reference
    ]
    kind = Kind.MEMO_OFF if found else Kind.MEMO_MISSING
    said = f"credit memo {found.posted.number} comes to {found.total}" if found else "no memo"
    if gone and not found:
        kind, said = Kind.CANCELLED_DOCUMENT, f"its memo {gone[0].posted.number} was cancelled"
    return Difference(
        kind=kind,
        order=story.ref,
        message=f"refund {refund.ref.id} gave back {refund.returned}, the books have {said}"
        if kind is not Kind.CANCELLED_DOCUMENT
        else f"refund {refund.ref.id} gave back {refund.returned}, {said}",
        owner=Owner.FINANCE if found or gone else Owner.OPERATOR,
        fix=view.start("refund-to-", story.ref),
        shop=wanted,
        books=found.total if found else Money.zero(wanted.currency),
        documents=(found.posted,) if found else tuple(one.posted for one in gone),
        explained=view.why_not_yet(story, *REFUND_FLOWS),
    )


def _total(story: OrderStory, view: View, expected: Money, booked: Money) -> Difference:
    main = main_documents(story)
    return Difference(
        kind=Kind.TOTAL_OFF,
        order=story.ref,
        message=f"order {story.ref.id} owes {expected} after its refunds, its documents come to "
        f"{booked}",
        owner=Owner.FINANCE,
        fix=view.start("order-to-", story.ref),
        shop=expected,
        books=booked,
        documents=tuple(one.posted for one in main),
        explained=view.why_not_yet(story, *REFUND_FLOWS),
    )


def _money(story: OrderStory, view: View) -> Iterator[Difference]:
    outgoing = [
        one for one in story.payments if one.kind is PaymentKind.OUTGOING and not one.cancelled
    ]
    for refund in story.refunds or ():
        mine = [one for one in outgoing if _pays(one, refund)]
        outgoing = [one for one in outgoing if one not in mine]
        yield from _paid_out(story, view, refund, mine)
    for one in outgoing:
        yield Difference(
            kind=Kind.OUTGOING_UNKNOWN,
            order=story.ref,
            message=f"outgoing payment {one.posted.number} over {one.amount} carries "
            f"{one.reference}, and the shop has no such refund",
            owner=Owner.FINANCE,
            fix="cancel the payment in the books, or refund the money in the shop",
            shop=Money.zero(one.amount.currency),
            books=one.amount,
            documents=(one.posted,),
        )


def _pays(payment: LedgerPayment, refund: Refund) -> bool:
    reference = str(refund.ref)
    return payment.reference == reference or payment.reference.startswith(f"{reference}/")


def _paid_out(
    story: OrderStory, view: View, refund: Refund, mine: list[LedgerPayment]
) -> Iterator[Difference]:
    paid = Money.sum((one.amount for one in mine), refund.total.currency)
    if paid == refund.returned or (not mine and not view.pays_out):
        return
    kind, said = Kind.OUTGOING_OFF, f"{paid} went out in the books"
    if not mine:
        kind, said = Kind.OUTGOING_MISSING, "nothing went out in the books"
    elif len({one.reference for one in mine}) < len(mine):
        numbers = " and ".join(str(one.posted.number) for one in mine)
        kind, said = Kind.OUTGOING_DOUBLED, f"payments {numbers} in the books paid out {paid}"
    yield Difference(
        kind=kind,
        order=story.ref,
        message=f"refund {refund.ref.id} gave back {refund.returned}, and {said}",
        owner=Owner.OPERATOR if not mine else Owner.FINANCE,
        fix=view.start("refund-to-", story.ref)
        if not mine
        else "cancel the payment that is wrong in the books, then "
        + view.start("refund-to-", story.ref),
        shop=refund.returned,
        books=paid,
        documents=tuple(one.posted for one in mine),
        explained=view.why_not_yet(story, *REFUND_FLOWS),
    )
