"""Reads what stands in the books for the refunds of an order."""

from __future__ import annotations

from collections.abc import Iterable

from b1bridge.domain.documents import DocumentKind
from b1bridge.domain.refunds import Refund
from b1bridge.domain.standing import Standing
from b1bridge.ports.books import Books


async def refund_documents(
    books: Books, refunds: Iterable[Refund]
) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    """Return memos and invoices under the references of refunds, corrections among them.

    Invoices correct memos, or are the other half of corrections, so none stand without a memo.
    """
    memos: tuple[Standing, ...] = ()
    recharges: tuple[Standing, ...] = ()
    for refund in refunds:
        found = await books.standing(DocumentKind.CREDIT_MEMO, str(refund.ref))
        memos += found
        recharges += await books.standing(DocumentKind.INVOICE, str(refund.ref)) if found else ()
    return memos, recharges
