"""Which sale a deal is in: the books keep one document for each time that it was sold."""

from __future__ import annotations

from typing import Protocol

from b1bridge.domain.deal_sales import (
    check_taken_back,
    check_undelivered,
    former,
    nth_sale,
    posted_since,
)
from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.engine.run import Run
from b1bridge.ports.amending import Amending
from b1bridge.ports.books import SalesDocuments, StandingDocuments


class _Documents(StandingDocuments, Amending, Protocol):
    """Documents and what was drawn from them."""


async def current_sale(run: Run, kind: DocumentKind) -> tuple[Ref, bool]:
    """Return the first sale that was not called off, and whether it is linked to a document."""
    number = 0
    while await _is_linked(run, nth_sale(run.ref, number), former(kind)):
        number += 1
    sale = nth_sale(run.ref, number)
    return sale, await _is_linked(run, sale, kind.value)


async def recalled(run: Run, books: SalesDocuments, kind: DocumentKind, sale: Ref) -> bool:
    """Link what an earlier attempt posted and could not tell; tell whether there is any.

    A first attempt has no forerunner. Without this look a deal that was lost, or opened again, in
    between would leave an order behind that nobody knows of.
    """
    posted = await books.find_document(kind, str(sale)) if run.as_of else None
    if posted is None:
        return False
    other = Ref(run.target, kind.value, str(posted.entry))
    await run.links.link(sale, other, number=str(posted.number))
    return True


async def sale_to_post(books: _Documents, kind: DocumentKind, deal: Ref, sale: Ref) -> Ref:
    """Return the sale itself, or a later one that stands already and that we forgot.

    Raises NeedsOperator (EDIT_CONFLICT) where a former sale left something with the customer.
    """
    standing = await books.standing(kind, str(deal))
    posted = posted_since(standing, sale)
    if posted is not None:
        return posted
    for one in standing:
        check_taken_back(sale, one, await books.drawn_from(one, DocumentKind.DELIVERY))
    return sale


async def check_goods_of_gone(books: _Documents, kind: DocumentKind, sale: Ref) -> None:
    """Raise NeedsOperator (EDIT_CONFLICT) where a deal that is gone has moved goods."""
    found = await books.standing(kind, str(sale))
    check_undelivered(sale, [one for one in found if one.reference == str(sale)])


async def end_sale(run: Run, kind: DocumentKind, sale: Ref) -> None:
    """Note that a sale was called off: should the deal be sold again, that is a new one."""
    linked = await run.links.linked(sale, kind.value)
    if linked is not None:
        await run.links.link(sale, Ref(linked.connection, former(kind), linked.id))


async def _is_linked(run: Run, sale: Ref, kind: str) -> bool:
    linked = await run.links.linked(sale, kind)
    return linked is not None and linked.connection == run.target
