"""Corrects what the memos of refunds came to before an edit or a payment was heard of.

Each correction is a document of its own, under the reference of a refund with the next free number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from b1bridge.domain.credit_memos import credited_totals, service_memo
from b1bridge.domain.documents import DocumentKind, DocumentLine
from b1bridge.domain.identity import Posted
from b1bridge.domain.money import Money
from b1bridge.domain.proof import confirm, proved
from b1bridge.domain.refunded_orders import amount_only
from b1bridge.domain.refunded_sales import RefundedSale
from b1bridge.domain.refunds import Refund
from b1bridge.domain.standing import Standing, revision
from b1bridge.engine.run import Run, Written
from b1bridge.errors import ContractBroken
from b1bridge.ports.books import Books
from b1bridge.procedures.changes import next_revision
from b1bridge.procedures.credit_memos import CreditOptions, taxed
from b1bridge.procedures.open_periods import post_in_period
from b1bridge.procedures.order_writing import codes_of


@dataclass(frozen=True, slots=True)
class Correction:
    """An invoice or a memo: over an amount, or of rows without value that move pieces."""

    refund: Refund
    kind: DocumentKind
    amount: Money
    rows: tuple[DocumentLine, ...] = ()


async def post_correction(
    run: Run, books: Books, sale: RefundedSale, correction: Correction, options: CreditOptions
) -> tuple[Written[Posted], Standing, str]:
    """Post once and read back; return a note on rounding. Mismatch when the books differ."""
    codes, accounts = await codes_of(run), await run.crosswalk("refund_account")
    number = next_revision((*sale.memos, *sale.recharges))
    reference = revision(str(correction.refund.ref), number)
    part = amount_only(sale.order, correction.refund, correction.amount)
    rules = await run.step(f"read tax of {reference}", lambda: taxed(books, part, codes))
    written_as = service_memo(part, rules, codes, accounts, options)
    document = replace(
        written_as,
        kind=correction.kind,
        reference=reference,
        business_partner=sale.business_partner,
        lines=correction.rows or written_as.lines,
    )
    charged = credited_totals(part, document, codes)
    proof = proved(document, charged, options)
    written = await run.write_once(
        f"post {document.kind} {reference}",
        find=lambda: books.find_document(document.kind, reference),
        write=lambda: post_in_period(books, proof.document, options, books.post_document),
    )
    posted = written.value
    standing = await run.step(f"read back {reference}", lambda: _standing(books, posted, reference))
    return written, standing, confirm(posted, proof.document, charged, standing.totals, options)


async def _standing(books: Books, posted: Posted, reference: str) -> Standing:
    found = await books.standing(DocumentKind(posted.kind), reference)
    if len(found) == 1:
        return found[0]
    msg = f"{len(found)} documents carry {reference} right after one was posted"
    raise ContractBroken(msg)
