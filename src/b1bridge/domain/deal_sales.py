"""A deal may be sold, called off, and sold again: each sale has a document of its own.

The first carries the deal's own reference, later ones a number behind it, as changes of a
document do: crm/deal/55, crm/deal/55+1.
"""

from __future__ import annotations

from collections.abc import Iterable

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.identity import Ref
from b1bridge.domain.standing import Standing, base_reference, revision, revision_of
from b1bridge.errors import NeedsOperator


def nth_sale(deal: Ref, number: int) -> Ref:
    """Return the reference of a deal's sale; the first one has the number 0."""
    return Ref.parse(revision(str(deal), number)) if number else deal


def former(kind: DocumentKind) -> str:
    """Name what a document is to its sale once that was called off."""
    return f"former {kind}"


def posted_since(documents: Iterable[Standing], sale: Ref) -> Ref | None:
    """Return the newest sale that stands in the books, from this one on."""
    numbers = (revision_of(one.reference) for one in documents)
    newest = max((n for n in numbers if n >= revision_of(str(sale))), default=None)
    return None if newest is None else nth_sale(_deal_of(sale), newest)


def check_taken_back(sale: Ref, document: Standing, deliveries: Iterable[Standing]) -> None:
    """Raise NeedsOperator (EDIT_CONFLICT) where a former sale is not over for its customer."""
    kept = any(row.open_quantity for one in deliveries for row in one.rows)
    if not kept and not document.is_open:
        return
    name = f"{document.posted.kind} {document.posted.number}"
    left = "goods of it are with the customer" if kept else "it is still open"
    msg = f"{_deal_of(sale)}: sold again after it was called off, and of {name}, {left}"
    fix = (
        f"cancel or close {name} and enter the return of what was delivered of it, then retry "
        "the case; or sell what is missing with a deal of its own and ignore the case"
    )
    raise NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)


def check_undelivered(deal: Ref, documents: Iterable[Standing]) -> None:
    """Raise NeedsOperator (EDIT_CONFLICT) where more than paper hangs on a deal that is gone.

    Deals are deleted and merged for the sake of order, too, which moves no goods.
    """
    for one in documents:
        if any(row.open_quantity != row.quantity for row in one.rows):
            name = f"{one.posted.kind} {one.posted.number}"
            msg = f"{deal}: the deal was deleted or merged, and part of {name} was delivered"
            fix = (
                "restore the deal, or mark it lost where the goods come back, then retry the "
                f"case; or ignore the case: {name} stays as it is"
            )
            raise NeedsOperator(msg, reason="EDIT_CONFLICT", fix=fix)


def _deal_of(sale: Ref) -> Ref:
    return Ref.parse(base_reference(str(sale)))
