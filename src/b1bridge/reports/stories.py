"""Gathers what shop, hub and books say of every order that a few days concern.

Everything is read in lists; single records are asked for only where the lists leave a doubt.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from b1bridge.domain.differences import OrderStory, View
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.ledger import (
    HubRecord,
    LedgerDocument,
    LedgerPayment,
    OrderSummary,
    PaymentKind,
)
from b1bridge.domain.reconciliation import wants_a_closer_look
from b1bridge.ports.ledger import HubLedger, SalesLedger, ShopLedger
from b1bridge.ports.shop import PaymentSource, RefundSource
from b1bridge.reports.scope import Scope

T = TypeVar("T")
KINDS = (
    DocumentKind.SALES_ORDER,
    DocumentKind.INVOICE,
    DocumentKind.CREDIT_MEMO,
    DocumentKind.DOWN_PAYMENT,
)
_SLACK = timedelta(days=1)
"""A document may be dated a day beside its order, as the clocks of shop and books differ."""
_AT_ONCE = 8
_BATCH = 200

Progress = Callable[[str, int, int], None]
"""Told what is being read, how much is done, and of how much (0: nobody knows)."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Who is asked; `hub` is None when its database knows nothing of the shop."""

    shop: ShopLedger
    books: SalesLedger
    hub: HubLedger | None


@dataclass(slots=True)
class _Gathered:
    """One order while its story is put together."""

    summary: OrderSummary | None = None
    documents: list[LedgerDocument] = field(default_factory=list)
    payments: list[LedgerPayment] = field(default_factory=list)


async def stories(sides: Sides, scope: Scope, view: View, told: Progress) -> dict[Ref, OrderStory]:
    """Return the story of every order placed, refunded or posted on these days."""
    found = {s.ref: _Gathered(s) async for s in _placed(sides, scope, told)}
    elsewhere = {one.order async for one in sides.shop.refunds_made(scope.begins, scope.ends)}
    elsewhere |= await _posted(sides, scope, found, told)
    elsewhere -= found.keys()
    await _older(sides, scope, found, sorted(elsewhere), told)
    known = await _known(sides, found, told)
    told_of = {
        ref: OrderStory(ref, one.summary, tuple(one.documents), tuple(one.payments), known.get(ref))
        for ref, one in found.items()
    }
    return told_of | await _closer(sides, scope, view, told_of, told)


async def _placed(sides: Sides, scope: Scope, told: Progress) -> AsyncIterator[OrderSummary]:
    count = 0
    async for summary in sides.shop.orders_placed(scope.begins, scope.ends):
        count += 1
        told("orders in the shop", count, 0)
        yield summary


async def _posted(
    sides: Sides, scope: Scope, found: dict[Ref, _Gathered], told: Progress
) -> set[Ref]:
    """Hand out what was posted about these days; return the orders of other days it belongs to."""
    prefix = f"{scope.connection}/"
    since, until = scope.since - _SLACK, scope.until + _SLACK
    elsewhere: set[Ref] = set()
    count = 0
    for kind in KINDS:
        async for document in sides.books.documents_posted(kind, prefix, since, until):
            count += 1
            told("documents in the books", count, 0)
            order = scope.order_of(document.reference)
            if order in found:
                found[order].documents.append(document)
            elif scope.holds(document.posted_on) and not document.cancelled:
                elsewhere.add(order)
    for money in PaymentKind:
        async for payment in sides.books.payments_posted(money, prefix, since, until):
            count += 1
            told("documents in the books", count, 0)
            order = scope.order_of(payment.reference)
            if order in found:
                found[order].payments.append(payment)
            elif scope.holds(payment.posted_on) and not payment.cancelled:
                elsewhere.add(order)
    return elsewhere


async def _older(
    sides: Sides, scope: Scope, found: dict[Ref, _Gathered], orders: Sequence[Ref], told: Progress
) -> None:
    """Read the orders of other days, with all that was ever posted for them."""
    for done, order in enumerate(orders, 1):
        told("orders of other days", done, len(orders))
        found[order] = _Gathered(await _summary(sides, order))
    for order, one in (await _under(sides, scope, orders)).items():
        found[order].documents, found[order].payments = one.documents, one.payments


async def _summary(sides: Sides, order: Ref) -> OrderSummary | None:
    return await sides.shop.order_summary(order) if order.kind == "order" else None


async def _under(sides: Sides, scope: Scope, orders: Collection[Ref]) -> dict[Ref, _Gathered]:
    """Read everything the books hold of these orders, whatever its date."""
    found = {order: _Gathered() for order in orders}
    references = [name for order in orders for name in _references(order)]
    for kind in KINDS:
        async for document in sides.books.documents_under(kind, references):
            if (order := scope.order_of(document.reference)) in found:
                found[order].documents.append(document)
    for money in PaymentKind:
        async for payment in sides.books.payments_under(money, references):
            if (order := scope.order_of(payment.reference)) in found:
                found[order].payments.append(payment)
    return found


def _references(order: Ref) -> tuple[str, ...]:
    """Return what the references of everything about an order begin with."""
    if order.kind != "order":
        return (str(order),)
    of_order = (f"{order.connection}/{kind}/{order.id}/" for kind in ("refund", "payment"))
    return str(order), *of_order


async def _known(sides: Sides, found: Collection[Ref], told: Progress) -> dict[Ref, HubRecord]:
    known: dict[Ref, HubRecord] = {}
    for batch in _batches(found, _BATCH):
        if sides.hub is not None:
            known |= await sides.hub.records(batch)
        told("orders in the hub", len(known), len(found))
    return known


async def _closer(
    sides: Sides, scope: Scope, view: View, found: dict[Ref, OrderStory], told: Progress
) -> dict[Ref, OrderStory]:
    """Read again, record by record, what the lists leave in doubt."""
    doubtful = [one for one in found.values() if wants_a_closer_look(one, view)]
    closer: dict[Ref, OrderStory] = {}
    for batch in _batches(doubtful, _BATCH):
        posted = await _under(sides, scope, [story.ref for story in batch])
        for few in _batches(batch, _AT_ONCE):
            for story in await asyncio.gather(*(_asked(sides, one) for one in few)):
                one = posted[story.ref]
                closer[story.ref] = replace(
                    story, documents=tuple(one.documents), payments=tuple(one.payments)
                )
            told("orders looked at closely", len(closer), len(doubtful))
    return closer


async def _asked(sides: Sides, story: OrderStory) -> OrderStory:
    """Ask the shop for the single payments and refunds of an order, as it stands now."""
    summary = await _summary(sides, story.ref)
    if summary is None:
        return replace(story, summary=None)
    pays, refunds = sides.shop, sides.shop
    return replace(
        story,
        summary=summary,
        captured=await pays.payments(story.ref) if isinstance(pays, PaymentSource) else None,
        refunds=await refunds.refunds(story.ref) if isinstance(refunds, RefundSource) else None,
    )


def _batches(records: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(records)
    while batch := list(islice(left, size)):
        yield batch
