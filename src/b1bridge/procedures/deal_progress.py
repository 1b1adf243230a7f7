"""Notes on a deal how far the books are with its order."""

from __future__ import annotations

from typing import Protocol

from b1bridge.domain.crm import FieldValue
from b1bridge.domain.deal_progress import differences, progress
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.standing import Standing
from b1bridge.engine.run import Run
from b1bridge.ports.amending import Amending
from b1bridge.ports.books import StandingDocuments
from b1bridge.ports.crm import DealSource


class _Documents(StandingDocuments, Amending, Protocol):
    """Documents and what was drawn from them."""


async def note_progress(run: Run, books: _Documents, crm: DealSource, deal: Ref) -> str:
    """Write onto the deal what it does not say yet, and return that; nothing where it is gone.

    Orders, deliveries and invoices all bring us here, so we look first: a look costs less than a
    note.
    """
    fields = await run.step(f"read documents of {deal.id}", lambda: _progress(books, deal))

    async def note() -> dict[str, FieldValue]:
        noted = await crm.noted(deal)
        news = {} if noted is None else differences(fields, noted)
        if news:
            await crm.annotate_deal(deal, news)
        return news

    news = await run.step(f"note progress on {deal.id}", note)
    return ", ".join(f"{name}: {value or 'nothing'}" for name, value in news.items())


async def _progress(books: _Documents, deal: Ref) -> dict[str, FieldValue]:
    """Read the order's documents; an invoice may rest on the order or on a delivery of it."""
    reference = str(deal)
    orders = await books.standing(DocumentKind.SALES_ORDER, reference)
    deliveries = [
        one for order in orders for one in await books.drawn_from(order, DocumentKind.DELIVERY)
    ]
    invoices = {one.posted: one for one in await books.standing(DocumentKind.INVOICE, reference)}
    for base in (*orders, *deliveries):
        drawn: tuple[Standing, ...] = await books.drawn_from(base, DocumentKind.INVOICE)
        invoices |= {one.posted: one for one in drawn}
    return progress(orders, deliveries, tuple(invoices.values()))
