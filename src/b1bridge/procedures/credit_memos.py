"""Posts the credit memo of a refund: proved first, posted once, read back, proved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from b1bridge.domain.credit_memos import (
    ReturnPolicy,
    check_explained,
    check_returnable,
    credited_totals,
    item_memo,
    sells_items,
    service_memo,
    tax_note,
    without_movement,
)
from b1bridge.domain.documents import DocumentKind, SalesDocument, Totals
from b1bridge.domain.identity import Crosswalk, Posted, Ref
from b1bridge.domain.items import item_codes, missing_items
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order
from b1bridge.domain.proof import Tolerance, confirm, proved
from b1bridge.domain.refunded_orders import amount_only, refunded_order
from b1bridge.domain.refunded_sales import RefundedSale
from b1bridge.domain.refunds import Refund
from b1bridge.domain.sales_documents import Codes, Ledger
from b1bridge.domain.standing import Standing
from b1bridge.engine.run import Run, Written
from b1bridge.errors import ContractBroken
from b1bridge.ports.books import Books

KIND = DocumentKind.CREDIT_MEMO


@dataclass(frozen=True, kw_only=True)
class CreditOptions(ReturnPolicy, Tolerance):
    """The sum of the policies that a refund is credited by."""


@dataclass(frozen=True, slots=True)
class CreditCodes:
    """The crosswalks that a memo is written with; `accounts` are those of memos without goods."""

    codes: Codes
    accounts: Crosswalk


@dataclass(frozen=True, slots=True)
class PreparedMemo:
    """A memo that will come to the money that went back, before anything was written."""

    document: SalesDocument
    charged: Totals
    notes: tuple[str, ...]


async def credit_codes(run: Run) -> CreditCodes:
    """Read the crosswalks as an operator last left them."""
    codes = Codes(
        tax=await run.crosswalk("tax"),
        freight=await run.crosswalk("freight"),
        sku=await run.crosswalk("sku"),
    )
    return CreditCodes(codes, await run.crosswalk("refund_account"))


async def prepared_memo(
    run: Run,
    books: Books,
    sale: RefundedSale,
    refund: Refund,
    credit: Money,
    options: CreditOptions,
) -> PreparedMemo:
    """Write and prove the memo while nothing has been posted.

    What an edit has credited already is not itemised again: the rest is an amount only.
    """
    words = await credit_codes(run)
    if credit != refund.returned:
        part = amount_only(sale.order, refund, credit)
        already = refund.returned - credit
        notes = [f"{already} of {refund.ref.id} is credited already, by a change of the order"]
    else:
        part = refunded_order(sale.order, refund, _itemised(sale, refund))
        check_explained(part, refund, options)
        notes = [tax_note(part, refund, options)]
    document = await _document(run, books, sale, refund, part, words, options)
    charged = credited_totals(part, document, words.codes)
    proof = proved(document, charged, options)
    partner = sale.invoices[0].business_partner
    return PreparedMemo(
        replace(proof.document, business_partner=partner),
        charged,
        tuple(note for note in (*notes, proof.note) if note),
    )


async def post_memo(
    run: Run, books: Books, refund: Refund, memo: PreparedMemo, options: CreditOptions
) -> tuple[Written[Posted], Standing, str]:
    """Post once, link, and read back; Mismatch when the books came to something else."""
    document = memo.document
    written = await run.write_once(
        f"post credit memo {document.reference}",
        find=lambda: books.find_document(KIND, document.reference),
        write=lambda: books.post_document(document),
    )
    posted = written.value
    other = Ref(run.target, KIND.value, str(posted.entry))
    await run.links.link(refund.ref, other, number=str(posted.number))
    standing = await run.step(
        f"read back {document.reference}", lambda: _standing(books, document.reference)
    )
    note = confirm(posted, document, memo.charged, standing.totals, options)
    return written, standing, note


def _itemised(sale: RefundedSale, refund: Refund) -> list[Refund]:
    """Return the refunds before this one that stand in the books part by part."""
    earlier: list[Refund] = []
    for one in sale.refunds:
        if one.ref == refund.ref:
            break
        memo = sale.memo_of(one.ref)
        if memo is not None and memo.totals.total == one.returned:
            earlier.append(one)
    return earlier


async def _document(
    run: Run,
    books: Books,
    sale: RefundedSale,
    refund: Refund,
    part: Order,
    words: CreditCodes,
    options: CreditOptions,
) -> SalesDocument:
    rules = await run.step("read company", books.rules)
    if not sells_items(part, words.codes.sku):
        day = rules.day_of(refund.made_at)
        return service_memo(part, words.codes, words.accounts, day)
    wanted = item_codes(part.lines, words.codes.sku)
    found = await run.step(f"read items of {refund.ref}", lambda: books.items(set(wanted.values())))
    missing = sorted(set(wanted.values()) - found.keys())
    if missing:
        raise missing_items(refund.ref, missing, {})
    ledger = Ledger(rules, {sku: found[code] for sku, code in wanted.items()})
    document = item_memo(part, ledger, words.codes, sale, options.return_warehouse)
    if not options.comes_back(refund):
        return without_movement(document)
    check_returnable(part, found.values())
    return document


async def _standing(books: Books, reference: str) -> Standing:
    found = await books.standing(KIND, reference)
    if len(found) == 1:
        return found[0]
    msg = f"{len(found)} credit memos carry {reference} right after one was posted"
    raise ContractBroken(msg)
