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
    went_back_before,
    without_movement,
)
from b1bridge.domain.documents import CompanyRules, DocumentKind, SalesDocument, Totals
from b1bridge.domain.identity import Posted, Ref
from b1bridge.domain.money import Money
from b1bridge.domain.orders import Order
from b1bridge.domain.periods import PeriodPolicy
from b1bridge.domain.proof import Tolerance, confirm, proved
from b1bridge.domain.refunded_orders import amount_only, less_given_before, refunded_order
from b1bridge.domain.refunded_sales import RefundedSale
from b1bridge.domain.refunds import Refund
from b1bridge.domain.sales_documents import Codes
from b1bridge.domain.standing import Standing
from b1bridge.domain.tax_rates import check_rates, tax_codes_used
from b1bridge.engine.run import Run, Written
from b1bridge.errors import ContractBroken
from b1bridge.ports.books import Books
from b1bridge.procedures.open_periods import post_in_period
from b1bridge.procedures.order_writing import codes_of, ledger_of

KIND = DocumentKind.CREDIT_MEMO


@dataclass(frozen=True, kw_only=True)
class CreditOptions(ReturnPolicy, Tolerance, PeriodPolicy):
    """The sum of the policies that a refund is credited by."""


@dataclass(frozen=True, slots=True)
class PreparedMemo:
    """A memo that will come to the money that went back, before anything was written."""

    document: SalesDocument
    charged: Totals
    notes: tuple[str, ...]


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
    codes = await codes_of(run)
    if credit != refund.returned:
        part = amount_only(sale.order, refund, credit)
        already = refund.returned - credit
        notes = [f"{already} of {refund.ref.id} is credited already, by a change of the order"]
    else:
        part = refunded_order(sale.order, refund, _itemised(sale, refund))
        notes = [tax_note(part, refund, options)]
        if before := went_back_before(part, refund, sale, options):
            part = less_given_before(part)
            notes.append(f"{before} of {refund.ref.id} was given back before")
        check_explained(part, refund, options)
    document = await _document(run, books, sale, refund, part, codes, options)
    charged = credited_totals(part, document, codes)
    proof = proved(document, charged, options)
    partner = sale.business_partner
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
        write=lambda: post_in_period(books, document, options, books.post_document),
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
    """Return the other refunds that stand in the books part by part."""
    others = ((one, sale.memo_of(one.ref)) for one in sale.refunds if one.ref != refund.ref)
    return [one for one, memo in others if memo and memo.totals.total == one.returned]


async def _document(
    run: Run,
    books: Books,
    sale: RefundedSale,
    refund: Refund,
    part: Order,
    codes: Codes,
    options: CreditOptions,
) -> SalesDocument:
    if not sells_items(part, codes.sku):
        accounts = await run.crosswalk("refund_account")
        rules = await run.step(f"read tax of {refund.ref}", lambda: taxed(books, part, codes))
        return service_memo(part, rules, codes, accounts, options)
    ledger = await run.step(
        f"read items of {refund.ref}", lambda: ledger_of(books, part, codes, KIND, reserve=False)
    )
    document = item_memo(part, ledger, codes, sale, options)
    if not options.comes_back(refund):
        return without_movement(document)
    check_returnable(part, ledger.items.values())
    return document


async def taxed(books: Books, part: Order, codes: Codes) -> CompanyRules:
    """Compare tax rates before anything is posted, and return how the company counts."""
    rules = await books.rules()
    rates = await books.tax_rates(tax_codes_used(part, codes.tax), rules.day_of(part.placed_at))
    check_rates(part, codes.tax, rates)
    return rules


async def _standing(books: Books, reference: str) -> Standing:
    found = [one for one in await books.standing(KIND, reference) if one.reference == reference]
    if len(found) == 1:
        return found[0]
    msg = f"{len(found)} credit memos carry {reference} right after one was posted"
    raise ContractBroken(msg)
