"""Compares what shop, hub and books say of one order, and names each difference once.

The first fault explains what follows from it: an order whose invoice is gone is not told a
second time that its payment settles nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from b1bridge.domain.differences import (
    SALES_FLOWS,
    Difference,
    Kind,
    OrderStory,
    Owner,
    View,
)
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.ledger import LedgerDocument, PaymentKind
from b1bridge.domain.orders import OrderState
from b1bridge.domain.reconciled_documents import document_differences, main_documents
from b1bridge.domain.reconciled_payments import payment_differences
from b1bridge.domain.reconciled_refunds import refund_differences


def differences_of(story: OrderStory, view: View) -> tuple[Difference, ...]:
    """Return everything in which the sides part about one order; nothing when they agree."""
    if story.summary is None:
        return tuple(_without_order(story))
    if not main_documents(story):
        return tuple(_without_document(story, view))
    found = (
        *document_differences(story, view),
        *refund_differences(story, view),
        *payment_differences(story, view),
    )
    return found or tuple(_links(story, view))


def wants_a_closer_look(story: OrderStory, view: View) -> bool:
    """Tell whether the lists leave something open that only the single records can tell."""
    if story.summary is None or story.captured is not None:
        return False
    unsure = story.summary.received is None or story.summary.returned is None
    moved = bool(story.summary.returned) or any(
        one.kind is DocumentKind.CREDIT_MEMO for one in story.documents
    )
    went_out = any(one.kind is PaymentKind.OUTGOING for one in story.payments)
    return view.closely or unsure or moved or went_out or bool(differences_of(story, view))


def _without_order(story: OrderStory) -> Iterator[Difference]:
    standing = [one for one in story.documents if not one.cancelled]
    money = [one for one in story.payments if not one.cancelled]
    if not standing and not money:
        return
    posted = (*(one.posted for one in standing), *(one.posted for one in money))
    named = ", ".join(f"{one.kind} {one.number}" for one in posted)
    yield Difference(
        kind=Kind.UNKNOWN_ORDER,
        order=story.ref,
        message=f"{named} in the books carry {story.ref}, and the shop has no such order",
        owner=Owner.FINANCE,
        fix="restore the order in the shop, or credit the documents, or clear their reference",
        books=standing[0].total if standing else money[0].amount,
        documents=posted,
    )


def _without_document(story: OrderStory, view: View) -> Iterator[Difference]:
    summary = story.summary
    assert summary is not None, "the caller has looked"  # noqa: S101 - narrows the type
    if not _wants_document(story):
        return
    cancelled = _cancelled(story.documents)
    kind = Kind.CANCELLED_DOCUMENT if cancelled else Kind.MISSING_DOCUMENT
    if not cancelled and view.hub_known and story.hub is None:
        kind = Kind.NEVER_TOLD
    words = {
        Kind.CANCELLED_DOCUMENT: "its document was cancelled in the books",
        Kind.MISSING_DOCUMENT: "the books have no document of it",
        Kind.NEVER_TOLD: "no notice of it ever came, and the books have no document of it",
    }
    yield Difference(
        kind=kind,
        order=story.ref,
        message=f"order {summary.number} comes to {summary.total}; {words[kind]}",
        owner=Owner.FINANCE if cancelled else Owner.OPERATOR,
        fix=view.start("order-to-", story.ref),
        shop=summary.total,
        documents=tuple(one.posted for one in cancelled),
        explained=view.why_not_yet(story, *SALES_FLOWS),
    )


def _wants_document(story: OrderStory) -> bool:
    summary = story.summary
    if summary is None or summary.state is OrderState.UNPAID_CART:
        return False
    if summary.state is OrderState.CANCELLED:
        # A cancelled order whose money was taken is posted and called off again, which nets to
        # nothing; without documents it nets to nothing as well, unless money is still held.
        held = (
            summary.received - summary.returned if summary.received and summary.returned else None
        )
        return bool(held)
    return bool(summary.total)


def _cancelled(documents: tuple[LedgerDocument, ...]) -> list[LedgerDocument]:
    main = {DocumentKind.INVOICE, DocumentKind.SALES_ORDER}
    return [one for one in documents if one.cancelled and one.kind in main]


def _links(story: OrderStory, view: View) -> Iterator[Difference]:
    """Compare the hub's links with the documents in force; a lost hub has no links to judge."""
    if not view.hub_known or view.why_not_yet(story):
        return
    entries = {str(one.posted.entry): one for one in main_documents(story)}
    kinds = {one.kind.value for one in entries.values()}
    links = [one for one in (story.hub.links if story.hub else ()) if one.kind in kinds]
    if any(link.id in entries for link in links):
        return
    first = main_documents(story)[0]
    broken = f"the hub links it to {', '.join(_entry(link) for link in links)}" if links else ""
    yield Difference(
        kind=Kind.LINK_BROKEN if links else Kind.LINK_FORGOTTEN,
        order=story.ref,
        message=f"{first.kind} {first.posted.number} carries {story.ref}, and "
        + (broken or "the hub has forgotten it"),
        owner=Owner.OPERATOR,
        fix="b1bridge rebuild",
        books=first.total,
        documents=(first.posted,),
    )


def _entry(link: Ref) -> str:
    return f"the {link.kind} with key {link.id}"
